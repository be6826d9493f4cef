namespace WebhookConsole.Ui;

/// <summary>
/// One timer for everything on a screen that says "3 min ago". It runs only while somebody listens. Handlers are called
/// on a pool thread: hand over with <c>InvokeAsync</c>. Each circuit has its own, so that a hundred open pages are not drawn at the same moment.
/// </summary>
public sealed class UiTicker(TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly HashSet<Action> _handlers = [];
    private ITimer? _timer;

    /// <summary>Calls the handler every <see cref="Period"/> until the result is disposed.</summary>
    public IDisposable Subscribe(Action handler)
    {
        lock (_gate)
        {
            _handlers.Add(handler);
            _timer ??= clock.CreateTimer(static self => ((UiTicker)self!).Tick(), this, Period, Period);
        }

        return new Subscription(this, handler);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _handlers.Clear();
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        Action[] handlers;
        lock (_gate)
        {
            handlers = [.. _handlers];
        }

        foreach (Action handler in handlers)
        {
            handler();
        }
    }

    private void Remove(Action handler)
    {
        lock (_gate)
        {
            _handlers.Remove(handler);
            if (_handlers.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private sealed class Subscription(UiTicker owner, Action handler) : IDisposable
    {
        public void Dispose() => owner.Remove(handler);
    }
}
