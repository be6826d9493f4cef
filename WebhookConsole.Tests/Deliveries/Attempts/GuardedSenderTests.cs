using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Nothing that a receiver, its DNS or its certificate says leads the sender past the outbound guard (specification §15).</summary>
public sealed class GuardedSenderTests : SenderTests
{
    private int _asked;

    // A name server that changes its mind: each answer but the last is given once.
    private Func<string, CancellationToken, Task<IPAddress[]>> Answers(params string[] answers) =>
        (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers[Math.Min(_asked++, answers.Length - 1)])]);

    private static string Named(string url, string host = "hooks.example") => url.Replace("127.0.0.1", host, StringComparison.Ordinal);

    [Fact]
    public async Task SendAsync_NameReboundAfterTheCheck_GoesToTheCheckedAddress()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        WebhookSender sender = Sender(resolve: Answers("127.0.0.1", "169.254.169.254"));

        AttemptOutcome first = await SendAsync(Named(receiver.Url), sender);
        AttemptOutcome second = await SendAsync(Named(receiver.Url), sender);

        // One answer, one connection, and what was sent second went over it: to where the guard had looked.
        Assert.True(first.Succeeded && second.Succeeded, second.Failure?.Detail);
        Assert.Equal((1, 2), (_asked, receiver.Count));
        Assert.Equal($"127.0.0.1:{receiver.Port}", second.RemoteAddress);
    }

    [Fact]
    public async Task SendAsync_NameReboundBeforeANewConnection_IsRefused()
    {
        await using RawReceiver receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        WebhookSender sender = Sender(resolve: Answers("127.0.0.1", "169.254.169.254"));

        Assert.True((await SendAsync(Named(receiver.Url), sender)).Succeeded);
        AttemptOutcome second = await SendAsync(Named(receiver.Url), sender);

        Assert.Equal(FailureClass.BlockedAddress, second.FailureClass);
        Assert.StartsWith("hooks.example resolves to an address that answers with credentials", second.Failure!.Detail, StringComparison.Ordinal);
        Assert.Null(second.RemoteAddress);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_UrlEdited_UsesNoConnectionOfTheOldOne()
    {
        await using Receiver old = await Receiver.StartAsync();
        await using Receiver edited = await Receiver.StartAsync();
        WebhookSender sender = Sender(resolve: Answers("127.0.0.1"));

        await SendAsync(Named(old.Url), sender);
        await SendAsync(Named(edited.Url), sender);
        await SendAsync(Named(edited.Url, "other.example"), sender);

        Assert.Equal((1, 2, 3), (old.Count, edited.Count, _asked));
    }

    [Fact]
    public async Task SendAsync_NetworkNoLongerOpen_IsRefused()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Assert.True((await SendAsync(receiver.Url)).Succeeded);

        // Settings are read at start: another sender, which has no connections yet.
        AttemptOutcome after = await SendAsync(receiver.Url, Sender(allowed: []));
        Assert.Equal(FailureClass.BlockedAddress, after.FailureClass);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_HttpNoLongerAllowed_SendsNothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        AttemptOutcome outcome = await SendAsync(receiver.Url, Sender(allowHttp: false));
        AssertKind(FailureKind.BlockedHttp, outcome);
        Assert.Equal(0, receiver.Count);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task SendAsync_RedirectToAnInternalAddress_GoesNowhere(int status)
    {
        await using Receiver inside = await Receiver.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(status).With("Location", inside.Url).With("Refresh", "0; url=" + inside.Url).With("Alt-Svc", $"h2=\"{inside.Url}\"");
        WebhookSender sender = Sender();
        Assert.Equal(FailureClass.Http3xx, (await SendAsync(receiver.Url, sender)).FailureClass);
        Assert.Equal(FailureClass.Http3xx, (await SendAsync(receiver.Url, sender)).FailureClass);
        Assert.Equal((2, 0), (receiver.Count, inside.Count));
    }

    [Fact]
    public async Task SendAsync_CertificateNamesAPlaceToFetchItsIssuerFrom_NothingIsFetched()
    {
        await using RawReceiver inside = RawReceiver.Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        using X509Certificate2 certificate = WithIssuerAt(inside.Url);

        // Offline: Kestrel would fetch the issuer of its own certificate, and the test could not tell whose connection it was.
        SslStreamCertificateContext own = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await using SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = own }, stop);
            }
        );

        // With the system's authorities, as in the product.
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(limit: 5));

        Assert.Equal(FailureClass.TlsFailed, outcome.FailureClass);
        Assert.Equal(0, inside.Connections);
    }

    // A leaf of an authority that nobody knows, with authority information access (RFC 5280 §4.2.2.1).
    private static X509Certificate2 WithIssuerAt(string url)
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=Somewhere else", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 root = authority.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest leaf = new("CN=leaf", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: [url], caIssuersUris: [url]));
        using X509Certificate2 issued = leaf.Create(root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(12));
        using X509Certificate2 both = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(both.Export(X509ContentType.Pfx), null);
    }
}
