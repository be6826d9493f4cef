using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Lanes;

public sealed class LaneThrottleTests
{
    private readonly FakeClock _clock = new();

    private LaneThrottle Pace(int maxInFlight = 8, int? rate = null)
    {
        LaneThrottle pace = new(_clock);
        pace.Configure(maxInFlight, rate);
        return pace;
    }

    [Fact]
    public void Delay_Rate_AllowsThatManyASecond()
    {
        LaneThrottle pace = Pace(rate: 10);
        int started = 0;
        DateTimeOffset end = _clock.GetUtcNow().AddSeconds(5);
        while (_clock.GetUtcNow() < end)
        {
            TimeSpan delay = pace.Delay();
            if (delay == TimeSpan.Zero)
            {
                pace.Started();
                started++;
            }

            _clock.Advance(delay);
        }

        Assert.InRange(started, 49, 51);
    }

    [Fact]
    public void Delay_AfterAPause_BurstsAtMostOneSecondsWorth()
    {
        LaneThrottle pace = Pace(rate: 10);
        _clock.Advance(TimeSpan.FromHours(1));
        int started = 0;
        for (; pace.Delay() == TimeSpan.Zero; started++)
        {
            pace.Started();
        }

        Assert.Equal(10, started);
    }

    [Fact]
    public void Limit_Overload_HalvesAndComesBackOneByOne()
    {
        LaneThrottle pace = Pace(maxInFlight: 8);
        pace.Finished(FailureClass.RateLimited, 429);
        Assert.Equal(4, pace.Limit);
        pace.Finished(FailureClass.Http5xx, 503);
        Assert.Equal(2, pace.Limit);
        for (int i = 0; i < 20; i++)
        {
            pace.Finished(FailureClass.RateLimited, 429);
        }

        Assert.Equal(1, pace.Limit);
        pace.Finished(FailureClass.Http5xx, 500);
        Assert.Equal(1, pace.Limit);
        for (int i = 0; i < 100; i++)
        {
            pace.Finished(null, 200);
        }

        Assert.Equal(8, pace.Limit);
    }

    [Fact]
    public void Limit_Configured_NeverExceedsTheWebhooksOwn()
    {
        LaneThrottle pace = Pace(maxInFlight: 2);
        pace.Finished(null, 200);
        Assert.Equal(2, pace.Limit);
        pace.Configure(1, null);
        Assert.Equal(1, pace.Limit);
    }
}
