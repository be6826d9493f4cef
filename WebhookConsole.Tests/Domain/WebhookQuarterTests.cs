using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public class WebhookQuarterTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(899.999, 0)]
    [InlineData(900, 1)]
    [InlineData(1_795_262_400, 1_994_736)]
    [InlineData(-1, -1)]
    public void Of_Time_IsTheWholeQuartersSince1970(double seconds, long quarter) =>
        Assert.Equal(quarter, WebhookQuarter.Of(DateTimeOffset.UnixEpoch.AddSeconds(seconds)));

    [Fact]
    public void StartOf_AnyQuarter_IsTheFirstMomentInIt()
    {
        DateTimeOffset start = WebhookQuarter.StartOf(1_994_737);
        Assert.Equal(1_994_737, WebhookQuarter.Of(start));
        Assert.Equal(1_994_736, WebhookQuarter.Of(start.AddTicks(-1)));
    }
}
