using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Every cause that a real receiver, resolver or damaged row can provoke ends in time, with its own kind and sentences.</summary>
public sealed class FailureWordTests : SenderTests
{
    private static void AssertFailure(AttemptOutcome outcome, FailureKind kind)
    {
        Assert.True(outcome.CompletedAt - outcome.StartedAt < Longest, $"It took {outcome.CompletedAt - outcome.StartedAt}.");
        AssertKind(kind, outcome);
        FailureText text = FailureTexts.For(kind, outcome.StatusCode, outcome.Failure!.Detail);
        Assert.DoesNotContain('{', text.Diagnosis + text.Remedy);
        Assert.DoesNotContain(outcome.Failure.Detail ?? "", char.IsControl);
    }

    private static Task UntilTheEnd(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);

    private static void Reset(NetworkStream stream)
    {
        // The socket, not the stream, which would say goodbye first.
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", FailureKind.NotHttp)]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", FailureKind.InvalidHttp)]
    [InlineData("HTTP/1.1 abc Nonsense\r\n\r\n", FailureKind.NotHttp)]
    [InlineData("", FailureKind.ConnectionClosed)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: o", FailureKind.ConnectionClosed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", FailureKind.ResponseEnded)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf", FailureKind.ResponseEnded)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", FailureKind.BadBody)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\n", FailureKind.BadBody)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", FailureKind.BadBody)]
    [InlineData("HTTP/1.1 999 Whatever\r\nContent-Length: 0\r\n\r\n", FailureKind.BadStatus)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", FailureKind.BadStatus)]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n", FailureKind.Redirect)]
    [InlineData("HTTP/1.1 308 Moved\r\nLocation: \u0001\u001b[31m\r\nContent-Length: 0\r\n\r\n", FailureKind.Redirect)]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n", FailureKind.RedirectNowhere)]
    public async Task SendAsync_Answer_HasItsKind(string answer, FailureKind kind)
    {
        await using RawReceiver receiver = RawReceiver.Answering(answer);
        AssertFailure(await SendAsync(receiver.Url), kind);
    }

    [Theory]
    [InlineData(400, FailureKind.Http400)]
    [InlineData(401, FailureKind.SignatureInvalid)]
    [InlineData(403, FailureKind.Http403)]
    [InlineData(404, FailureKind.Http404)]
    [InlineData(405, FailureKind.Http405)]
    [InlineData(408, FailureKind.Http408)]
    [InlineData(410, FailureKind.Gone)]
    [InlineData(413, FailureKind.Http413)]
    [InlineData(415, FailureKind.Http415)]
    [InlineData(418, FailureKind.Http4xx)]
    [InlineData(422, FailureKind.Http422)]
    [InlineData(429, FailureKind.RateLimited)]
    [InlineData(500, FailureKind.Http500)]
    [InlineData(502, FailureKind.Http502)]
    [InlineData(503, FailureKind.Http503)]
    [InlineData(504, FailureKind.Http504)]
    [InlineData(507, FailureKind.Http5xx)]
    public async Task SendAsync_Status_HasItsKind(int status, FailureKind kind)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
        AssertFailure(await SendAsync(receiver.Url), kind);
    }

    // None of these may end in an exception, a hang or a body that never ends.
    [Theory]
    [InlineData("Content-Length: abc")]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: 99999999999999999999999999")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked")]
    public async Task SendAsync_BadContentLength_IsOneOutcomeInTime(string framing)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\nok");
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        Assert.True(outcome.FailureClass is null or FailureClass.BadResponse or FailureClass.ConnectionFailed, outcome.Failure?.Detail);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_ResetBeforeTheAnswer_HasItsKind()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            (stream, _) =>
            {
                Reset(stream);
                return Task.CompletedTask;
            }
        );
        AssertFailure(await SendAsync(receiver.Url), FailureKind.ConnectionReset);
    }

    [Fact]
    public async Task SendAsync_ResetWithinTheBody_HasItsKind()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"u8.ToArray(), stop);

                // Not in one go: the reset must not overtake the headers.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stop);
                Reset(stream);
            }
        );
        AssertFailure(await SendAsync(receiver.Url), FailureKind.ResponseEnded);
    }

    [Fact]
    public async Task SendAsync_NobodyListens_HasItsKind()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        AssertFailure(await SendAsync($"http://127.0.0.1:{port}/"), FailureKind.ConnectionRefused);
    }

    [Fact]
    public async Task SendAsync_FullBacklog_TimesOutConnecting()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        EndPoint address = listener.LocalEndPoint!;
        List<Socket> waiting = [];
        try
        {
            // Nobody accepts: once a connect hangs, the queue is full.
            Task connect;
            do
            {
                Assert.InRange(waiting.Count, 0, 50);
                Socket next = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                waiting.Add(next);
                connect = next.ConnectAsync(address);
            } while (await Task.WhenAny(connect, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System)) == connect);

            AssertFailure(await SendAsync($"http://127.0.0.1:{((IPEndPoint)address).Port}/"), FailureKind.ConnectTimeout);
        }
        finally
        {
            waiting.ForEach(s => s.Dispose());
        }
    }

    [Theory]
    [InlineData("", FailureKind.ResponseTimeout)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: o", FailureKind.ResponseTimeout)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", FailureKind.BodyTimeout)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 500\r\n\r\nhalf", FailureKind.Http503)]
    public async Task SendAsync_Stall_HasItsKind(string before, FailureKind kind)
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(before), stop);
                await UntilTheEnd(stop);
            }
        );
        AssertFailure(await SendAsync(receiver.Url), kind);
    }

    [Fact]
    public async Task SendAsync_EndlessInterimAnswers_EndInTime()
    {
        RawReceiver? receiver = null;
        byte[] hints = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 32)));
        receiver = RawReceiver.Start(async (stream, stop) => await receiver!.FloodAsync(stream, hints, stop));
        await using (receiver)
        {
            AssertFailure(await SendAsync(receiver.Url), FailureKind.HeadersTooLarge);
        }
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, FailureKind.DnsFailed)]
    [InlineData(SocketError.NoData, FailureKind.DnsNoAddress)]
    [InlineData(SocketError.Success, FailureKind.DnsNoAddress)]
    [InlineData(SocketError.TryAgain, FailureKind.DnsServerFailed)]
    [InlineData(SocketError.IOPending, FailureKind.ResolveTimeout)]
    public async Task SendAsync_Resolver_HasItsKind(SocketError answer, FailureKind kind)
    {
        AttemptOutcome outcome = await SendAsync(
            "http://hooks.example/",
            Sender(
                resolve: async (_, stop) =>
                {
                    if (answer == SocketError.IOPending)
                    {
                        await UntilTheEnd(stop);
                    }

                    return answer == SocketError.Success ? [] : throw new SocketException((int)answer);
                }
            )
        );
        AssertFailure(outcome, kind);
        Assert.Null(outcome.RemoteAddress);
    }

    [Fact]
    public async Task SendAsync_ResolverThatIgnoresTheLimit_StillEndsInTime()
    {
        // The system's resolver cannot be interrupted everywhere.
        TaskCompletionSource<IPAddress[]> never = new();
        AssertFailure(await SendAsync("http://hooks.example/", Sender(resolve: (_, _) => never.Task)), FailureKind.ResolveTimeout);
    }

    // A fatal alert of the server, RFC 8446 §6, before anything is encrypted.
    [Theory]
    [InlineData(40, FailureKind.TlsHandshake)] // handshake_failure
    [InlineData(42, FailureKind.TlsClientCertificate)] // bad_certificate: ours, which we do not have
    [InlineData(70, FailureKind.TlsVersion)] // protocol_version
    [InlineData(80, FailureKind.TlsHandshake)] // internal_error
    [InlineData(112, FailureKind.TlsHandshake)] // unrecognized_name
    [InlineData(116, FailureKind.TlsClientCertificate)] // certificate_required
    public async Task SendAsync_TlsAlert_HasItsKind(byte alert, FailureKind kind)
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                // The hello is read first: unread data would turn the close into a reset.
                _ = await stream.ReadAsync(new byte[16 * 1024], stop);
                await stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, alert }, stop);
            }
        );
        AssertFailure(await SendAsync($"https://127.0.0.1:{receiver.Port}/"), kind);
    }

    [Fact]
    public async Task SendAsync_ServerThatHangsUpForWantOfAClientCertificate_IsClosed()
    {
        // Such a server need not say why; the remedy names the possibility.
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await using SslStream tls = new(stream, false, (_, client, _, _) => client is not null);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate, ClientCertificateRequired = true },
                    stop
                );
            }
        );
        AttemptOutcome outcome = await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: ca.Trust()));
        AssertFailure(outcome, FailureKind.ConnectionClosed);
        Assert.Contains("client certificate", FailureTexts.For(FailureKind.ConnectionClosed, null, null).Remedy, StringComparison.Ordinal);
    }

    // Frame types of RFC 9113 §6.
    [Theory]
    [InlineData(3, "00000002", FailureKind.Http2Error)] // RST_STREAM, INTERNAL_ERROR
    [InlineData(3, "00000008", FailureKind.Http2Error)] // RST_STREAM, CANCEL
    [InlineData(3, "0000000b", FailureKind.Http2Error)] // RST_STREAM, ENHANCE_YOUR_CALM
    [InlineData(7, "0000000100000002", FailureKind.ResponseTimeout)] // GOAWAY after stream 1: ours may still be answered
    [InlineData(3, "00000007", FailureKind.StreamRefused)] // RST_STREAM, REFUSED_STREAM
    [InlineData(3, "0000000d", FailureKind.Http2Error)] // RST_STREAM, HTTP_1_1_REQUIRED
    [InlineData(7, "0000000000000000", FailureKind.StreamRefused)] // GOAWAY, nothing processed, NO_ERROR
    [InlineData(7, "000000000000000b", FailureKind.StreamRefused)] // GOAWAY, nothing processed, ENHANCE_YOUR_CALM
    [InlineData(99, "00", FailureKind.Http2Error)] // No such frame; the platform refuses it although it might ignore it
    [InlineData(0, "6869", FailureKind.Http2Error)] // DATA before HEADERS
    public async Task SendAsync_Http2Frame_HasItsKindAndOnePost(byte type, string payload, FailureKind kind)
    {
        int posts = 0;
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await using SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] },
                    stop
                );
                await tls.ReadExactlyAsync(new byte[24], stop); // The preface, RFC 9113 §3.4.
                await tls.WriteAsync(Frame(4, 0, []), stop);
                await ReadPostAsync(tls, stop);
                Interlocked.Increment(ref posts);
                await tls.WriteAsync(Frame(type, (byte)(type == 7 ? 0 : 1), Convert.FromHexString(payload)), stop);
                while (true)
                {
                    await ReadPostAsync(tls, stop);
                    Interlocked.Increment(ref posts);
                }
            }
        );
        AssertFailure(await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: ca.Trust(), limit: 3)), kind);
        Assert.Equal(1, Volatile.Read(ref posts));
    }

    private static byte[] Frame(byte type, byte streamId, byte[] payload) => [0, 0, (byte)payload.Length, type, 0, 0, 0, 0, streamId, .. payload];

    // Up to the end of the headers, and of the body that follows them.
    private static async Task ReadPostAsync(Stream stream, CancellationToken stop)
    {
        byte[] head = new byte[9];
        bool headers = false;
        do
        {
            await stream.ReadExactlyAsync(head, stop);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, stop);
            headers |= head[3] == 1;
        } while (!headers || head[3] is not (0 or 1) || (head[4] & 1) == 0);
    }

    [Theory]
    [InlineData("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", 60)]
    [InlineData("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", 24 * 3600)]
    [InlineData("Retry-After: Mon, 01 Jan 0001 00:00:00 GMT", 60)]
    [InlineData("Retry-After: Fri, 99 Foo 2026 99:99:99 GMT", 60)]
    [InlineData("Retry-After: 99999999999999999999999999999999999999", 24 * 3600)]
    [InlineData("Retry-After: 120", 120)]
    [InlineData("Retry-After:", 60)]
    [InlineData("Retry-After: 120\r\nRetry-After: 600", 120)]
    [InlineData("Retry-After: 600\r\nRetry-After: soon", 600)]
    public async Task SendAsync_RetryAfter_MovesTheNextAttemptLaterOnly(string header, int expectedSeconds)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 503 Busy\r\n{header}\r\nContent-Length: 0\r\n\r\n");
        AttemptOutcome outcome = await SendAsync(receiver.Url);
        DateTimeOffset? next = RetryPlanner.Next(RetrySchedule.Patient, 1, outcome.CompletedAt, outcome.RetryAfter, 0, 0.5);
        Assert.Equal(outcome.CompletedAt.AddSeconds(expectedSeconds), next);
    }

    [Theory]
    [InlineData("X-Bad", "line\r\nX-Injected: 1")]
    [InlineData("X-Bad", "nul\0")]
    [InlineData("X-Bad", "ümlaut")]
    [InlineData("X Bad:", "value")]
    [InlineData("", "value")]
    public async Task SendAsync_DamagedExtraHeader_IsOurFaultAndSendsNothing(string name, string value)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        DeliveryTarget target = Target(receiver.Url) with { Headers = [new HeaderField(name, value)] };
        AssertFailure(await Sender().SendAsync(target, EventId, "order.created", "{}"u8.ToArray()), FailureKind.HeaderUnsendable);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_EmptyPayload_IsOurFaultAndSendsNothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        AssertFailure(await Sender().SendAsync(Target(receiver.Url), EventId, "order.created", []), FailureKind.PayloadUnreadable);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_SecretThatDoesNotFitTheFormat_IsOurFaultAndSendsNothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        DeliveryTarget target = Target(receiver.Url) with { Secrets = [(SigningSecret.FromText("four plain words here"), null)] };
        AttemptOutcome outcome = await Sender().SendAsync(target, EventId, "order.created", "{}"u8.ToArray());
        AssertFailure(outcome, FailureKind.SigningFailed);
        Assert.DoesNotContain("plain words", outcome.Failure!.Detail, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_DefaultLimit_IsTenSeconds()
    {
        await using RawReceiver receiver = RawReceiver.Start((_, stop) => UntilTheEnd(stop));
        AttemptOutcome outcome = await SendAsync(receiver.Url, Sender(limit: new WebhookConsole.Configuration.DeliveryOptions().TimeoutSeconds));
        Assert.InRange((outcome.CompletedAt - outcome.StartedAt).TotalSeconds, 9.9, 14);
        Assert.Equal("The request was sent, but no complete response headers arrived within 10 s.", outcome.Failure!.Detail);
    }
}
