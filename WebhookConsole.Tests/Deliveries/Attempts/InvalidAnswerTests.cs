using System.Text;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Answers that HTTP does not allow: bad responses, whose status counts where it can be read (specification §17).</summary>
public sealed class InvalidAnswerTests : SenderTests
{
    [Theory]
    [InlineData("HTTP/1.1 410\0Gone\r\nContent-Length: 0\r\n\r\n", 410)]
    [InlineData("HTTP/1.1 410 Go\0ne\r\nContent-Length: 0\r\n\r\n", 410)]
    [InlineData("HTTP/1.1 503 Ser\0vice\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 401 No\r\nno colon here\r\n\r\n", 401)]
    [InlineData("HTTP/1.1 200 O\0K\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 410 \0\r\n\r\n", 410)]
    [InlineData("HTTP/1.1 4100 Nonsense\r\n\r\n", null)]
    [InlineData("HTTP/1.1 41\0 Nonsense\r\n\r\n", null)]
    [InlineData("HTTP/1.1 -10 Nonsense\r\n\r\n", null)]
    [InlineData("HTTP/2.0 410 Nonsense\r\n\r\n", null)]
    public async Task SendAsync_AnswerThatHttpDoesNotAllow_KeepsAStatusThatCanBeRead(string answer, int? status)
    {
        await using RawReceiver receiver = RawReceiver.Answering(answer);
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        AssertKind(status is null ? FailureKind.NotHttp : FailureKind.InvalidHttp, outcome);
        Assert.Equal((FailureClass.BadResponse, status), (outcome.FailureClass, outcome.StatusCode));
        Assert.Equal(status is not null, outcome.ResponseHeaders is not null);
    }

    [Fact]
    public async Task SendAsync_OddAnswersBesideOthers_EachKeepsItsOwnStatus()
    {
        // Each connection first answers well, so that the odd answer comes over a connection that was used before.
        int number = 0;
        byte[] good = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                while (await RawReceiver.ReadRequestAsync(stream, stop))
                {
                    int own = Interlocked.Increment(ref number);
                    await stream.WriteAsync(own % 4 == 0 ? Encoding.Latin1.GetBytes($"HTTP/1.1 {400 + own} \0\r\nX-Own: {own}\r\n\r\n") : good, stop);
                }
            }
        );
        WebhookSender sender = Sender(limit: 10);
        AttemptOutcome[] outcomes = [];
        for (int i = 0; i < 10; i++)
        {
            outcomes = [.. outcomes, .. await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(receiver.Url, sender)))];
        }

        AttemptOutcome[] odd = [.. outcomes.Where(o => !o.Succeeded)];
        Assert.Equal(20, odd.Length);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (int?)(400 + (4 * i))), odd.Select(o => o.StatusCode).Order());
        Assert.All(odd, o => Assert.EndsWith($"X-Own: {o.StatusCode - 400}", Text(o.ResponseHeaders), StringComparison.Ordinal));
        Assert.Equal(80, Volatile.Read(ref number));
    }

    [Fact]
    public async Task SendAsync_LargePayloadAndOddAnswer_KeepsTheStatus()
    {
        await using RawReceiver receiver = RawReceiver.Answering("HTTP/1.1 410 \0\r\n\r\n");
        byte[] payload = Encoding.ASCII.GetBytes($"\"{new string('x', 250_000)}\"");
        AttemptOutcome outcome = await Sender().SendAsync(Target(receiver.Url), EventId, "order.created", payload);
        Assert.Equal((FailureKind.InvalidHttp, 410), (outcome.Failure?.Kind, outcome.StatusCode));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(410)]
    [InlineData(503)]
    public async Task SendAsync_BadChunkAfterTheStatus_IsABadResponseWithItsStatus(int status)
    {
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 {status} Whatever\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nstart\r\nZZZ\r\n");
        AttemptOutcome outcome = await SendInTimeAsync(receiver.Url);
        AssertKind(FailureKind.BadBody, outcome);
        Assert.Equal(status, outcome.StatusCode);
        Assert.Equal("start", Text(outcome.ResponseBody));
    }

    [Fact]
    public async Task SendAsync_AnswerWithACredentialInIt_ConcealsIt()
    {
        const string Credential = "a-credential-of-the-receiver";
        await using RawReceiver receiver = RawReceiver.Answering($"HTTP/1.1 410 {Credential}\0\r\nX-Echo: {Credential}\r\n\r\n");
        DeliveryTarget target = Target(receiver.Url) with { Headers = [new HeaderField("X-Key", Credential)] };
        AttemptOutcome outcome = await Sender().SendAsync(target, EventId, "order.created", "{}"u8.ToArray());
        AssertKind(FailureKind.InvalidHttp, outcome);
        Assert.DoesNotContain(Credential, outcome.Failure!.Detail + Text(outcome.ResponseHeaders) + outcome.RequestHeaders, StringComparison.Ordinal);
        Assert.Contains("X-Echo: ***", Text(outcome.ResponseHeaders), StringComparison.Ordinal);
    }
}
