namespace WebhookConsole.Tests.Components;

/// <summary>A clock that stands still until <see cref="Step"/>, which also fires the timers that became due once.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;

    public int RunningTimers => _timers.Count;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), period);
        _timers.Add(timer);
        return timer;
    }

    public void Step(TimeSpan by)
    {
        _now += by;
        foreach (Timer timer in _timers.Where(t => by >= t.Period).ToArray())
        {
            timer.Fire();
        }
    }

    private sealed class Timer(SteppedClock owner, Action fire, TimeSpan period) : ITimer
    {
        public TimeSpan Period => period;

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => true;

        public void Dispose() => owner._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
