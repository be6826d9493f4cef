using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>What receivers do to the sender, over real sockets and real TLS.</summary>
public sealed class WebhookSenderTests : SenderTests
{
    [Theory]
    [InlineData(500, FailureClass.Http5xx)]
    [InlineData(410, FailureClass.Gone)]
    public async Task SendAsync_FailureStatusWithABodyThatBreaks_KeepsItsClass(int status, FailureClass expected)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 {status} Whatever\r\nContent-Length: 100\r\n\r\nhalf");
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        Assert.Equal((expected, status), (outcome.FailureClass, outcome.StatusCode));
    }

    [Fact]
    public async Task SendAsync_Receiver_GetsTheSignedPost()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        AttemptOutcome outcome = await SendAsync(receiver.Url);

        ReceivedRequest request = Assert.Single(receiver.Requests);
        Assert.True(outcome.Succeeded);
        Assert.Equal("""{"n":1}""", request.Text);
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.StartsWith("WebhookConsole/", request.Header("User-Agent"), StringComparison.Ordinal);
        Assert.Equal(outcome.RequestId.ToString(), request.Header("X-Request-Id"));
        Assert.Equal("order.created", request.Header("X-Webhook-Event"));
        Assert.Equal("blue", request.Header("X-Tenant"));
        Assert.Equal(EventId.ToString(), request.WebhookId);
        Assert.True(
            SignatureVerifier
                .Verify(null, request.Headers.Select(h => new HeaderField(h.Key, h.Value)).ToArray(), request.Body, [Secret], TimeProvider.System.GetUtcNow())
                .Valid
        );
        Assert.Equal([Secret.Fingerprint], outcome.SignedWith);
        Assert.Equal($"127.0.0.1:{receiver.Port}", outcome.RemoteAddress);
        Assert.False(request.Headers.ContainsKey("traceparent"));
        Assert.DoesNotContain(Secret.Text, outcome.RequestHeaders, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, null)]
    [InlineData(202, null)]
    [InlineData(204, null)]
    [InlineData(299, null)]
    [InlineData(300, FailureClass.Http3xx)]
    [InlineData(301, FailureClass.Http3xx)]
    [InlineData(304, FailureClass.Http3xx)]
    [InlineData(308, FailureClass.Http3xx)]
    [InlineData(400, FailureClass.Http4xx)]
    [InlineData(401, FailureClass.SignatureInvalid)]
    [InlineData(403, FailureClass.Http4xx)]
    [InlineData(404, FailureClass.Http4xx)]
    [InlineData(407, FailureClass.Http4xx)]
    [InlineData(408, FailureClass.Http4xx)]
    [InlineData(410, FailureClass.Gone)]
    [InlineData(421, FailureClass.Http4xx)]
    [InlineData(429, FailureClass.RateLimited)]
    [InlineData(499, FailureClass.Http4xx)]
    [InlineData(500, FailureClass.Http5xx)]
    [InlineData(503, FailureClass.Http5xx)]
    [InlineData(599, FailureClass.Http5xx)]
    [InlineData(600, FailureClass.BadResponse)]
    [InlineData(999, FailureClass.BadResponse)]
    public async Task SendAsync_Status_HasItsClass(int status, FailureClass? expected)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        Assert.Equal(expected, outcome.FailureClass);
        Assert.Equal(status, outcome.StatusCode);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_Redirect_IsNotFollowed()
    {
        await using Receiver elsewhere = await Receiver.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(301).With("Location", elsewhere.Url);
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        Assert.Equal(FailureClass.Http3xx, outcome.FailureClass);
        Assert.Equal(0, elsewhere.Count);
        Assert.Contains("Location: " + elsewhere.Url, Text(outcome.ResponseHeaders), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_RedirectLoop_IsOneRequest()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(307).With("Location", receiver.Url);
        Assert.Equal(FailureClass.Http3xx, (await SendAsync(receiver.Url)).FailureClass);
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("99999999999", 86400)]
    public async Task SendAsync_RetryAfterSeconds_AreKept(string value, int expected)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(429).With("Retry-After", value);
        Assert.Equal(TimeSpan.FromSeconds(expected), (await SendAsync(receiver.Url)).RetryAfter);
    }

    [Fact]
    public async Task SendAsync_RetryAfterDate_IsTheTimeUntilThen()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(503).With("Retry-After", TimeProvider.System.GetUtcNow().AddSeconds(90).ToString("R"));
        TimeSpan asked = Assert.NotNull((await SendAsync(receiver.Url)).RetryAfter);
        Assert.InRange(asked.TotalSeconds, 80, 91);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1.5")]
    public async Task SendAsync_RetryAfterNonsense_IsIgnored(string value)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(503).With("Retry-After", value);
        Assert.Null((await SendAsync(receiver.Url)).RetryAfter);
    }

    [Fact]
    public async Task SendAsync_ResetInTheMiddleOfTheBody_IsAConnectionFailure()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"u8.ToArray(), stop);
                stream.Socket.LingerState = new LingerOption(true, 0);
                stream.Close();
            }
        );
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.ConnectionFailed, outcome.FailureClass);
    }

    [Fact]
    public async Task SendAsync_BodyEndsEarly_IsAConnectionFailure()
    {
        await using RawReceiver receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf");
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.ConnectionFailed, outcome.FailureClass);
        Assert.Equal(200, outcome.StatusCode);
        Assert.Equal("half", Text(outcome.ResponseBody));
    }

    [Fact]
    public async Task SendAsync_ResetAfterTheRequest_IsAConnectionFailure()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            (stream, _) =>
            {
                stream.Socket.LingerState = new LingerOption(true, 0);
                stream.Close();
                return Task.CompletedTask;
            }
        );
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.ConnectionFailed, outcome.FailureClass);
        Assert.Null(outcome.StatusCode);
    }

    [Fact]
    public async Task SendAsync_CloseAtOnce_IsAConnectionFailure()
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect((_, _) => Task.CompletedTask);
        Assert.Equal(FailureClass.ConnectionFailed, (await SendInTimeAsync(receiver.Url)).FailureClass);
    }

    [Fact]
    public async Task SendAsync_ResponseClosedBeforeStatus_SentThePostOnce()
    {
        // A POST must not be repeated behind the engine's back: the receiver may have done its work.
        await using RawReceiver receiver = RawReceiver.Start((_, _) => Task.CompletedTask);
        Assert.Equal(FailureClass.ConnectionFailed, (await SendInTimeAsync(receiver.Url)).FailureClass);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_NobodyListens_IsAConnectionFailure()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        AttemptOutcome outcome = await SendInTimeAsync($"http://127.0.0.1:{port}/");
        Assert.Equal(FailureClass.ConnectionFailed, outcome.FailureClass);
        AssertKind(FailureKind.ConnectionRefused, outcome);
        Assert.Null(outcome.RemoteAddress);
    }

    [Fact]
    public async Task SendAsync_SlowDrip_TimesOutInTheBody()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
                while (true)
                {
                    await stream.WriteAsync("."u8.ToArray(), stop);
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
                }
            }
        );
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.Timeout, outcome.FailureClass);
        AssertKind(FailureKind.BodyTimeout, outcome);
        Assert.StartsWith("....", Text(outcome.ResponseBody), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_SilentReceiver_TimesOutWaiting()
    {
        await using RawReceiver receiver = RawReceiver.Start((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.Timeout, outcome.FailureClass);
        AssertKind(FailureKind.ResponseTimeout, outcome);
        Assert.Null(outcome.StatusCode);
    }

    [Fact]
    public async Task SendAsync_HeadersThatDrip_TimeOut()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
                while (true)
                {
                    await stream.WriteAsync("X-A: b\r\n"u8.ToArray(), stop);
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
                }
            }
        );
        Assert.Equal(FailureClass.Timeout, (await SendInTimeAsync(receiver.Url)).FailureClass);
    }

    [Fact]
    public async Task SendAsync_EndlessHeaders_AreABadResponseAndBounded()
    {
        RawReceiver? receiver = null;
        byte[] chunk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X-Endless: and again and again\r\n", 64)));
        receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
                await receiver!.FloodAsync(stream, chunk, stop);
            }
        );
        await using (receiver)
        {
            AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
            Assert.Equal(FailureClass.BadResponse, outcome.FailureClass);
            Assert.InRange(receiver.Written, 0, 64 * 1024 * 1024);
        }
    }

    [Fact]
    public async Task SendAsync_OneEndlessHeaderLine_IsABadResponseAndBounded()
    {
        RawReceiver? receiver = null;
        byte[] chunk = new byte[4096];
        chunk.AsSpan().Fill((byte)'a');
        receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nX-Endless: "u8.ToArray(), stop);
                await receiver!.FloodAsync(stream, chunk, stop);
            }
        );
        await using (receiver)
        {
            Assert.Equal(FailureClass.BadResponse, (await SendInTimeAsync(receiver.Url)).FailureClass);
            Assert.InRange(receiver.Written, 0, 64 * 1024 * 1024);
        }
    }

    [Theory]
    [InlineData("Content-Length: 10737418240")]
    [InlineData("X-No-Length: the connection's end is the body's")]
    public async Task SendAsync_TenGigabyteBody_CostsOneKilobyte(string framing)
    {
        RawReceiver? receiver = null;
        byte[] chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)'x');
        receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n"), stop);
                await receiver!.FloodAsync(stream, chunk, stop);
            }
        );
        await using (receiver)
        {
            AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
            Assert.True(outcome.Succeeded);
            Assert.Equal(new string('x', WebhookSender.MaxKeptBody), Text(outcome.ResponseBody));

            // What the sockets of both sides buffer, nothing near the whole.
            Assert.InRange(receiver.Written, 0, 64 * 1024 * 1024);
        }
    }

    [Fact]
    public async Task SendAsync_ChunkedEndlessBody_CostsOneKilobyte()
    {
        RawReceiver? receiver = null;
        byte[] chunk = Encoding.ASCII.GetBytes("1000\r\n" + new string('y', 0x1000) + "\r\n");
        receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop);
                await receiver!.FloodAsync(stream, chunk, stop);
            }
        );
        await using (receiver)
        {
            AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
            Assert.Equal(new string('y', WebhookSender.MaxKeptBody), Text(outcome.ResponseBody));
            Assert.InRange(receiver.Written, 0, 64 * 1024 * 1024);
        }
    }

    [Fact]
    public async Task SendAsync_GzipBomb_IsKeptCompressed()
    {
        using MemoryStream bomb = new();
        await using (System.IO.Compression.GZipStream gzip = new(bomb, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 32; i++)
            {
                await gzip.WriteAsync(zeros);
            }
        }

        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n");
        await using RawReceiver receiver = RawReceiver.Answering([.. head, .. bomb.ToArray()]);
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.True(outcome.Succeeded);
        Assert.Equal(bomb.ToArray()[..WebhookSender.MaxKeptBody], outcome.ResponseBody);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n")]
    [InlineData("HTTP/1.1 abc Nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200\0OK \x01\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n")]
    public async Task SendAsync_NotHttp_IsABadResponseWithAStorableDetail(string answer)
    {
        await using RawReceiver receiver = RawReceiver.Answering(answer);
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.Equal(FailureClass.BadResponse, outcome.FailureClass);

        // PostgreSQL has no NUL in text, and no screen wants control characters.
        Assert.DoesNotContain(outcome.Failure!.Detail!, char.IsControl);
        Assert.InRange(outcome.Failure.Detail!.Length, 1, AttemptFailure.MaxDetailLength);
    }

    [Fact]
    public async Task SendAsync_AnyBytesInTheBody_AreKeptAsTheyAre()
    {
        byte[] body = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 0, 0xC3, 0x28, 0xFF, 0xFE, 0];
        await using RawReceiver receiver = RawReceiver.Answering([
            .. Encoding.ASCII.GetBytes($"HTTP/1.1 500 Oops\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ]);
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        Assert.Equal(FailureClass.Http5xx, outcome.FailureClass);
        Assert.Equal(body, outcome.ResponseBody);
    }

    [Fact]
    public async Task SendAsync_LongHeaders_AreCutAtFourKilobytes()
    {
        await using RawReceiver receiver = RawReceiver.Answering(
            $"HTTP/1.1 200 OK\r\nX-Long: {new string('v', 10_000)}\r\nX-After: 1\r\nContent-Length: 2\r\n\r\nok"
        );
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        Assert.True(outcome.Succeeded);
        Assert.Equal(WebhookSender.MaxKeptHeaders, outcome.ResponseHeaders!.Length);
        Assert.StartsWith("HTTP/1.1 200 OK\n", Text(outcome.ResponseHeaders), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ContinueFirst_UsesTheFinalAnswer()
    {
        await using RawReceiver receiver = RawReceiver.Answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        );
        Assert.Equal(202, (await SendAsync(receiver.Url)).StatusCode);
    }

    [Fact]
    public async Task SendAsync_UnknownHost_IsADnsFailure()
    {
        AttemptOutcome outcome = await SendAsync("http://hooks.example/", Sender(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound)));
        Assert.Equal(FailureClass.DnsFailed, outcome.FailureClass);
        Assert.Contains("hooks.example", outcome.Failure?.Detail, StringComparison.Ordinal);
        Assert.Null(outcome.RemoteAddress);
    }

    [Fact]
    public async Task SendAsync_SlowResolver_TimesOutResolving()
    {
        AttemptOutcome outcome = await SendAsync(
            "http://hooks.example/",
            Sender(
                resolve: async (_, stop) =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                    return [];
                }
            )
        );
        Assert.Equal(FailureClass.Timeout, outcome.FailureClass);
        AssertKind(FailureKind.ResolveTimeout, outcome);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.7")]
    [InlineData("169.254.169.254")]
    public async Task SendAsync_NameThatLeadsInside_IsBlocked(string address)
    {
        AttemptOutcome outcome = await SendAsync(
            "http://hooks.example/",
            Sender(allowed: [], resolve: (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }))
        );
        AssertKind(FailureKind.BlockedAddress, outcome);
        Assert.StartsWith("hooks.example resolves to an address that ", outcome.Failure!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(address, outcome.Failure.Detail, StringComparison.Ordinal);
        Assert.Null(outcome.RemoteAddress);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task SendAsync_TrustedCertificate_Delivers(HttpProtocols protocols, string expected)
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await using Receiver receiver = await Receiver.StartAsync(certificate, protocols);
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: ca.Trust(), limit: 5));
        Assert.True(outcome.Succeeded, outcome.Failure?.Detail);
        Assert.Equal(expected, Assert.Single(receiver.Requests).Protocol);
    }

    [Fact]
    public async Task SendAsync_ExpiredCertificate_SaysSo()
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue(from: TimeSpan.FromDays(-10), until: TimeSpan.FromDays(-1));
        await AssertTlsFailureAsync(certificate, ca.Trust(), FailureKind.TlsExpired);
    }

    [Fact]
    public async Task SendAsync_CertificateNotYetValid_SaysSo()
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue(from: TimeSpan.FromDays(1), until: TimeSpan.FromDays(10));
        await AssertTlsFailureAsync(certificate, ca.Trust(), FailureKind.TlsNotYetValid);
    }

    [Fact]
    public async Task SendAsync_CertificateForAnotherHost_SaysSo()
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue("elsewhere.example", loopback: false);
        await AssertTlsFailureAsync(certificate, ca.Trust(), FailureKind.TlsNameMismatch);
    }

    [Fact]
    public async Task SendAsync_CertificateOfAnotherAuthority_SaysSo()
    {
        using TestCa ca = new();
        using TestCa other = new();
        using X509Certificate2 certificate = other.Issue();
        await AssertTlsFailureAsync(certificate, ca.Trust(), FailureKind.TlsUnknownAuthority);
    }

    [Fact]
    public async Task SendAsync_AuthorityTheSystemDoesNotKnow_SaysSo()
    {
        // Without the hook of the tests: what an installation does.
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await AssertTlsFailureAsync(certificate, null, FailureKind.TlsUnknownAuthority);
    }

    [Fact]
    public async Task SendAsync_SelfSignedCertificate_SaysSo()
    {
        using X509Certificate2 certificate = TestCa.SelfSigned();
        await AssertTlsFailureAsync(certificate, null, FailureKind.TlsSelfSigned);
    }

    [Fact]
    public async Task SendAsync_CertificateWithControlCharacters_HasAStorableDetail()
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue("elsewhere.example", loopback: false, subject: "CN=\"evil\nline\tand more\"");
        AttemptOutcome outcome = await AssertTlsFailureAsync(certificate, ca.Trust(), FailureKind.TlsNameMismatch);
        Assert.DoesNotContain(outcome.Failure!.Detail!, char.IsControl);
    }

    [Fact]
    public async Task SendAsync_PlainHttpOnTheTlsPort_IsAHandshakeFailure()
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop)
        );
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/");
        Assert.Equal(FailureClass.TlsFailed, outcome.FailureClass);
        AssertKind(FailureKind.NotTls, outcome);
    }

    [Fact]
    public async Task SendAsync_HandshakeThatHangs_TimesOutInTls()
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        AttemptOutcome outcome = await SendInTimeAsync($"https://127.0.0.1:{receiver.Port}/");
        Assert.Equal(FailureClass.Timeout, outcome.FailureClass);
        AssertKind(FailureKind.TlsTimeout, outcome);
    }

    [Fact]
    public async Task SendAsync_OldTlsOnly_IsAHandshakeFailure()
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await using SslStream tls = new(stream);
#pragma warning disable SYSLIB0039, CA5397 // What must be refused.
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls11 },
                    stop
                );
#pragma warning restore SYSLIB0039, CA5397
            }
        );
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: ca.Trust()));
        Assert.Equal(FailureClass.TlsFailed, outcome.FailureClass);
        AssertKind(FailureKind.TlsHandshake, outcome);
    }

    private async Task<AttemptOutcome> AssertTlsFailureAsync(X509Certificate2 certificate, X509ChainPolicy? trust, FailureKind kind)
    {
        await using Receiver receiver = await Receiver.StartAsync(certificate, HttpProtocols.Http1AndHttp2);
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: trust, limit: 5));
        Assert.Equal(FailureClass.TlsFailed, outcome.FailureClass);
        AssertKind(kind, outcome);
        Assert.Equal(0, receiver.Count);
        return outcome;
    }
}
