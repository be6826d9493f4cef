namespace WebhookConsole.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire in the order of their time, at exactly their time.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeSpan _stepped;

    public FakeClock(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2030, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>
    /// When the next timer fires, by the clock without its steps; null when none waits. Repeating timers, such as the check of a connection, do not
    /// count.
    /// </summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (_gate)
            {
                return _timers.Where(t => !t.Repeats).Min(t => t.Due);
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _stepped;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    /// <summary>Sets the wall clock forward or back, as an administrator or a time service does; what counts elapsed time goes on as before.</summary>
    public void Step(TimeSpan by)
    {
        lock (_gate)
        {
            _stepped += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FakeTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by) => AdvanceTo(new DateTimeOffset(GetTimestamp(), TimeSpan.Zero) + by);

    /// <summary>Moves to <paramref name="time"/>, of the clock without its steps, stopping at every timer on the way.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            FakeTimer? timer;
            lock (_gate)
            {
                timer = _timers.Where(t => t.Due <= time).MinBy(t => t.Due);
                DateTimeOffset reached = timer?.Due ?? time;
                _now = reached > _now ? reached : _now;
                timer?.Fired();
            }

            if (timer is null)
            {
                return;
            }

            timer.Invoke();
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? Due { get; set; }

        public bool Repeats => _period > TimeSpan.Zero;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (Due is not null)
                {
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        // Under the clock's lock.
        public void Fired()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
            }
            else
            {
                clock._timers.Remove(this);
                Due = null;
            }
        }

        public void Invoke() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                Due = null;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
