using System.Net.Sockets;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>One POST on the wire per attempt, over connections that are used again (specification §7). HTTP/2: <see cref="FailureWordTests"/>.</summary>
public sealed class OnePostTests : SenderTests
{
    private static readonly byte[] s_ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private int _posts;

    private async Task<bool> ReadPostAsync(NetworkStream stream, CancellationToken stop)
    {
        bool whole = await RawReceiver.ReadRequestAsync(stream, stop);
        Interlocked.Add(ref _posts, whole ? 1 : 0);
        return whole;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_PooledConnectionDroppedAtTheSecondPost_IsOnePost(bool reset)
    {
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await ReadPostAsync(stream, stop);
                await stream.WriteAsync(s_ok, stop);
                await ReadPostAsync(stream, stop);
                stream.Socket.LingerState = new LingerOption(reset, 0);
                stream.Socket.Close();
            }
        );
        WebhookSender sender = Sender();
        Assert.True((await SendAsync(receiver.Url, sender)).Succeeded);
        AttemptOutcome second = await SendInTimeAsync(receiver.Url, sender);
        AssertKind(reset ? FailureKind.ConnectionReset : FailureKind.ConnectionClosed, second);
        Assert.Equal((2, 1), (Volatile.Read(ref _posts), receiver.Connections));
    }

    [Fact]
    public async Task SendAsync_PooledConnectionClosedBeforeTheSecondPost_UsesAnother()
    {
        TaskCompletionSource closed = new();
        await using RawReceiver receiver = RawReceiver.StartAtConnect(
            async (stream, stop) =>
            {
                await ReadPostAsync(stream, stop);
                await stream.WriteAsync(s_ok, stop);
                stream.Socket.Close();
                closed.TrySetResult();
            }
        );
        WebhookSender sender = Sender();
        Assert.True((await SendAsync(receiver.Url, sender)).Succeeded);
        await closed.Task;
        AttemptOutcome second = await SendInTimeAsync(receiver.Url, sender);

        // Whether the platform notices in time is a race; that nothing is sent twice is not.
        Assert.True(second.Succeeded || second.FailureClass == FailureClass.ConnectionFailed, second.Failure?.ToString());
        Assert.InRange(Volatile.Read(ref _posts), 1, 2);
    }
}
