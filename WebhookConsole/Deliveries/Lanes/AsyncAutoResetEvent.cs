using System.Threading.Channels;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>An auto-reset event that can be awaited; several sets before a wait count as one.</summary>
internal sealed class AsyncAutoResetEvent
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits until it is set.</summary>
    public async ValueTask WaitAsync() => await _channel.Reader.ReadAsync();

    /// <summary>Waits until it is set or the time has passed.</summary>
    /// <returns>False when the time passed first.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan limit, TimeProvider clock)
    {
        if (_channel.Reader.TryRead(out _))
        {
            return true;
        }

        using CancellationTokenSource over = new(limit, clock);
        try
        {
            await _channel.Reader.ReadAsync(over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
