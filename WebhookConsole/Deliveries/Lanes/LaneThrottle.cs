using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// How fast a lane may go: its limit in flight, which is halved when the receiver says that it is overloaded and grows back by one at a
/// time (additive increase, multiplicative decrease), and its rate limit. Not safe for several threads.
/// </summary>
internal sealed class LaneThrottle(TimeProvider clock)
{
    private double _limit = double.MaxValue;
    private double _tokens;
    private long _filledAt = clock.GetTimestamp();
    private int? _rate;

    /// <summary>Applies the webhook's settings, which may change between attempts.</summary>
    public void Configure(int maxInFlight, int? ratePerSecond)
    {
        _limit = Math.Min(_limit, maxInFlight);
        MaxInFlight = maxInFlight;
        if (_rate != ratePerSecond)
        {
            _rate = ratePerSecond;
            _tokens = 1;
            _filledAt = clock.GetTimestamp();
        }
    }

    public int MaxInFlight { get; private set; } = 1;

    /// <summary>Number of requests that may be in flight now, 1 or more.</summary>
    public int Limit => Math.Max(1, (int)Math.Min(_limit, MaxInFlight));

    /// <summary>How long to wait before the next start; zero when it may start now.</summary>
    public TimeSpan Delay()
    {
        if (_rate is not { } rate)
        {
            return TimeSpan.Zero;
        }

        long now = clock.GetTimestamp();

        // The bucket holds one second's worth, so that a burst beyond the rate never makes up for a pause.
        _tokens = Math.Min(rate, _tokens + clock.GetElapsedTime(_filledAt, now).TotalSeconds * rate);
        _filledAt = now;
        return _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / rate);
    }

    public void Started() => _tokens -= _rate is null ? 0 : 1;

    public void Finished(FailureClass? failure, int? status)
    {
        if (status is 429 or 502 or 503 or 504)
        {
            _limit = Math.Max(1, Math.Min(_limit, MaxInFlight) / 2);
        }
        else if (failure is null && _limit < MaxInFlight)
        {
            _limit += 1 / Math.Max(1, _limit);
        }
    }
}
