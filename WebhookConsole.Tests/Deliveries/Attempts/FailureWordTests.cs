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

/// <summary>Every cause that a real receiver, resolver or damaged row can provoke ends in time, with its own word and sentences.</summary>
public sealed class FailureWordTests : SenderTests
{
    private static void AssertKind(AttemptOutcome outcome, string word)
    {
        Assert.True(outcome.CompletedAt - outcome.StartedAt < Longest, $"It took {outcome.CompletedAt - outcome.StartedAt}.");
        FailureClass failure = Assert.NotNull(outcome.FailureClass);
        FailureKind kind = FailureKinds.Of(failure, outcome.StatusCode, outcome.ErrorDetail);
        Assert.True(word == kind.Word, $"{kind.Word}, not {word}: {outcome.ErrorDetail}");
        FailureText text = FailureTexts.For(failure, outcome.StatusCode, outcome.ErrorDetail);
        Assert.Equal(FailureTexts.NameOf(kind.Class), text.Name);
        Assert.DoesNotContain('{', text.Diagnosis + text.Remedy);
        Assert.DoesNotContain(outcome.ErrorDetail ?? "", char.IsControl);
    }

    private static Task UntilTheEnd(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);

    private static void Reset(NetworkStream stream)
    {
        // The socket, not the stream, which would say goodbye first.
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", "not_http")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "not_http")]
    [InlineData("HTTP/1.1 abc Nonsense\r\n\r\n", "not_http")]
    [InlineData("", "connection_closed")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: o", "connection_closed")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", "response_ended")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf", "response_ended")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", "bad_body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\n", "bad_body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", "bad_body")]
    [InlineData("HTTP/1.1 999 Whatever\r\nContent-Length: 0\r\n\r\n", "bad_status")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", "bad_status")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n", "redirect")]
    [InlineData("HTTP/1.1 308 Moved\r\nLocation: \u0001\u001b[31m\r\nContent-Length: 0\r\n\r\n", "redirect")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n", "redirect_nowhere")]
    public async Task SendAsync_Answer_HasItsWord(string answer, string word)
    {
        await using RawReceiver receiver = RawReceiver.Answering(answer);
        AssertKind(await SendAsync(receiver.Url), word);
    }

    [Theory]
    [InlineData(400, "http_400")]
    [InlineData(401, "signature_invalid")]
    [InlineData(403, "http_403")]
    [InlineData(404, "http_404")]
    [InlineData(405, "http_405")]
    [InlineData(408, "http_408")]
    [InlineData(410, "gone")]
    [InlineData(413, "http_413")]
    [InlineData(415, "http_415")]
    [InlineData(418, "http_4xx")]
    [InlineData(422, "http_422")]
    [InlineData(429, "rate_limited")]
    [InlineData(500, "http_500")]
    [InlineData(502, "http_502")]
    [InlineData(503, "http_503")]
    [InlineData(504, "http_504")]
    [InlineData(507, "http_5xx")]
    public async Task SendAsync_Status_HasItsWord(int status, string word)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
        AssertKind(await SendAsync(receiver.Url), word);
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
        Assert.True(outcome.FailureClass is null or FailureClass.BadResponse or FailureClass.ConnectionFailed, outcome.ErrorDetail);
        Assert.Equal(1, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_ResetBeforeTheAnswer_HasItsWord()
    {
        await using RawReceiver receiver = RawReceiver.Start(
            (stream, _) =>
            {
                Reset(stream);
                return Task.CompletedTask;
            }
        );
        AssertKind(await SendAsync(receiver.Url), "connection_reset");
    }

    [Fact]
    public async Task SendAsync_ResetWithinTheBody_HasItsWord()
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
        AssertKind(await SendAsync(receiver.Url), "response_ended");
    }

    [Fact]
    public async Task SendAsync_NobodyListens_HasItsWord()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        AssertKind(await SendAsync($"http://127.0.0.1:{port}/"), "connection_refused");
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

            AssertKind(await SendAsync($"http://127.0.0.1:{((IPEndPoint)address).Port}/"), "timeout_connect");
        }
        finally
        {
            waiting.ForEach(s => s.Dispose());
        }
    }

    [Theory]
    [InlineData("", "timeout_response")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Cut: o", "timeout_response")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", "timeout_body")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 500\r\n\r\nhalf", "http_503")]
    public async Task SendAsync_Stall_HasItsWord(string before, string word)
    {
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) =>
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(before), stop);
                await UntilTheEnd(stop);
            }
        );
        AssertKind(await SendAsync(receiver.Url), word);
    }

    [Fact]
    public async Task SendAsync_EndlessInterimAnswers_EndInTime()
    {
        RawReceiver? receiver = null;
        byte[] hints = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 32)));
        receiver = RawReceiver.Start(async (stream, stop) => await receiver!.FloodAsync(stream, hints, stop));
        await using (receiver)
        {
            AssertKind(await SendAsync(receiver.Url), "headers_too_large");
        }
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "dns_failed")]
    [InlineData(SocketError.NoData, "dns_no_address")]
    [InlineData(SocketError.Success, "dns_no_address")]
    [InlineData(SocketError.TryAgain, "dns_server_failed")]
    [InlineData(SocketError.IOPending, "timeout_resolve")]
    public async Task SendAsync_Resolver_HasItsWord(SocketError answer, string word)
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
        AssertKind(outcome, word);
        Assert.Null(outcome.RemoteAddress);
    }

    [Fact]
    public async Task SendAsync_ResolverThatIgnoresTheLimit_StillEndsInTime()
    {
        // The system's resolver cannot be interrupted everywhere.
        TaskCompletionSource<IPAddress[]> never = new();
        AssertKind(await SendAsync("http://hooks.example/", Sender(resolve: (_, _) => never.Task)), "timeout_resolve");
    }

    // A fatal alert of the server, RFC 8446 §6, before anything is encrypted.
    [Theory]
    [InlineData(40, "tls_handshake")] // handshake_failure
    [InlineData(42, "tls_client_certificate")] // bad_certificate: ours, which we do not have
    [InlineData(70, "tls_protocol")] // protocol_version
    [InlineData(80, "tls_handshake")] // internal_error
    [InlineData(112, "tls_handshake")] // unrecognized_name
    [InlineData(116, "tls_client_certificate")] // certificate_required
    public async Task SendAsync_TlsAlert_HasItsWord(byte alert, string word)
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                // The hello is read first: unread data would turn the close into a reset.
                _ = await stream.ReadAsync(new byte[16 * 1024], stop);
                await stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, alert }, stop);
            }
        );
        AssertKind(await SendAsync($"https://127.0.0.1:{receiver.Port}/"), word);
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
        AssertKind(outcome, "connection_closed");
        Assert.Contains("client certificate", FailureTexts.For(FailureClass.ConnectionFailed, null, outcome.ErrorDetail).Remedy, StringComparison.Ordinal);
    }

    // Frame types of RFC 9113 §6.
    [Theory]
    [InlineData(3, "00000002", "http2_error")] // RST_STREAM, INTERNAL_ERROR
    [InlineData(3, "00000008", "http2_error")] // RST_STREAM, CANCEL
    [InlineData(3, "0000000b", "http2_error")] // RST_STREAM, ENHANCE_YOUR_CALM
    [InlineData(7, "0000000100000002", "timeout_response")] // GOAWAY after stream 1: ours may still be answered
    [InlineData(7, "000000000000000b", "http2_error")] // GOAWAY, nothing processed, ENHANCE_YOUR_CALM
    [InlineData(99, "00", "http2_error")] // No such frame; the platform refuses it although it might ignore it
    [InlineData(0, "6869", "http2_error")] // DATA before HEADERS
    public async Task SendAsync_Http2Frame_HasItsWord(byte type, string payload, string word)
    {
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
                await tls.WriteAsync(Frame(4, 0, []), stop);
                await ReadUntilHeadersAsync(tls, stop);
                await tls.WriteAsync(Frame(type, (byte)(type == 7 ? 0 : 1), Convert.FromHexString(payload)), stop);
                await UntilTheEnd(stop);
            }
        );
        AssertKind(await SendAsync($"https://127.0.0.1:{receiver.Port}/", Sender(trust: ca.Trust(), limit: 3)), word);

        // What was not processed may be sent again by the platform, but not without end.
        Assert.InRange(receiver.Connections, 1, 5);
    }

    private static byte[] Frame(byte type, byte streamId, byte[] payload) => [0, 0, (byte)payload.Length, type, 0, 0, 0, 0, streamId, .. payload];

    private static async Task ReadUntilHeadersAsync(Stream stream, CancellationToken stop)
    {
        byte[] preface = new byte[24];
        await stream.ReadExactlyAsync(preface, stop);
        byte[] head = new byte[9];
        do
        {
            await stream.ReadExactlyAsync(head, stop);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, stop);
        } while (head[3] != 1);
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
        AssertKind(await Sender().SendAsync(target, EventId, "order.created", "{}"u8.ToArray(), CancellationToken.None), "request_header_invalid");
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_EmptyPayload_IsOurFaultAndSendsNothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        AssertKind(await Sender().SendAsync(Target(receiver.Url), EventId, "order.created", [], CancellationToken.None), "payload_unreadable");
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_SecretThatDoesNotFitTheFormat_IsOurFaultAndSendsNothing()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        DeliveryTarget target = Target(receiver.Url) with { Secrets = [(SigningSecret.FromText("four plain words here"), null)] };
        AttemptOutcome outcome = await Sender().SendAsync(target, EventId, "order.created", "{}"u8.ToArray(), CancellationToken.None);
        AssertKind(outcome, "signing_failed");
        Assert.DoesNotContain("plain words", outcome.ErrorDetail, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Count);
    }

    [Fact]
    public async Task SendAsync_DefaultLimit_IsTenSeconds()
    {
        await using RawReceiver receiver = RawReceiver.Start((_, stop) => UntilTheEnd(stop));
        AttemptOutcome outcome = await SendAsync(receiver.Url, Sender(limit: new WebhookConsole.Configuration.DeliveryOptions().TimeoutSeconds));
        Assert.InRange((outcome.CompletedAt - outcome.StartedAt).TotalSeconds, 9.9, 14);
        Assert.StartsWith("timeout_response: The request was sent; no complete response headers within 10 s.", outcome.ErrorDetail, StringComparison.Ordinal);
    }
}
