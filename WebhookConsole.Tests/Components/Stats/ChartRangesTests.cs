using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Tests.Components.Stats;

public class ChartRangesTests
{
    [Theory]
    [InlineData(ChartRange.Day, "UTC", "2026-11-20T14:05:09Z", "2026-11-19T15:00:00Z", "2026-11-20T15:00:00Z")]
    [InlineData(ChartRange.Day, "UTC", "2026-11-20T14:00:00Z", "2026-11-19T15:00:00Z", "2026-11-20T15:00:00Z")]
    [InlineData(ChartRange.Day, "Asia/Kolkata", "2026-11-20T14:05:09Z", "2026-11-19T14:30:00Z", "2026-11-20T14:30:00Z")]
    [InlineData(ChartRange.Week, "Europe/Berlin", "2026-11-20T14:05:09Z", "2026-11-13T17:00:00Z", "2026-11-20T17:00:00Z")]
    [InlineData(ChartRange.Month, "Asia/Kathmandu", "2026-11-20T20:00:00Z", "2026-10-22T18:15:00Z", "2026-11-21T18:15:00Z")]
    [InlineData(ChartRange.Month, "America/New_York", "2026-11-20T20:00:00Z", "2026-10-22T05:00:00Z", "2026-11-21T05:00:00Z")]
    public void WindowAt_Zone_EndsAtAFullStepOfTheClockOnTheWall(ChartRange range, string zone, string now, string since, string until)
    {
        StatsWindow window = ChartRanges.WindowAt(range, DateTimeOffset.Parse(now, null), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal((DateTimeOffset.Parse(since, null), DateTimeOffset.Parse(until, null)), (window.StartOf(0), window.StartOf(window.Count)));
    }

    [Fact]
    public void Parse_EveryName_IsItsRange() => Assert.All(Enum.GetValues<ChartRange>(), r => Assert.Equal(r, ChartRanges.Parse(ChartRanges.NameOf(r))));

    [Theory]
    [InlineData("")]
    [InlineData("24H")]
    [InlineData("1e9d")]
    public void Parse_AnythingElse_IsNothing(string text) => Assert.Null(ChartRanges.Parse(text));
}
