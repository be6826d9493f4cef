using Bunit;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Components.Pages.Stats;

namespace WebhookConsole.Tests.Components.Stats;

public class StatsViewTests : ComponentTestContext
{
    [Fact]
    public void Tiles_Figures_AreThoseOfTheRange()
    {
        var view = Show(SampleStats.Data(last: (18, 2)));

        Assert.Equal(["30", "93.3 %", "1.1 s", "4"], view.FindAll(".stat-value").Select(v => v.TextContent));
        Assert.Equal("2 failed", view.FindAll(".stat-note")[0].TextContent.Trim());
    }

    [Fact]
    public void Charts_Day_HaveABarAndARowOfTheTableForEachHour()
    {
        var view = Show(SampleStats.Data(last: (18, 2)));

        Assert.Equal(4, view.FindAll("figure.chart").Count);
        var outcomes = view.FindAll("figure.chart")[0];
        Assert.Contains("28 succeeded, 2 failed", outcomes.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(24, outcomes.QuerySelectorAll(".chart-column").Length);
        Assert.Equal(24, outcomes.QuerySelectorAll("tbody tr").Length);
        Assert.Equal(["14:00–15:00", "18", "2"], outcomes.QuerySelectorAll("tbody tr:last-child > *").Select(c => c.TextContent));
        Assert.Equal(["14:00–15:00", "1.2 s", "30 ms"], view.FindAll("figure.chart")[1].QuerySelectorAll("tbody tr:last-child > *").Select(c => c.TextContent));
    }

    [Fact]
    public void Bar_WithFailures_OpensThemInItsTimeRange()
    {
        var bars = Show(SampleStats.Data(last: (18, 2))).FindAll("figure.chart")[0].QuerySelectorAll("a.chart-bar");

        Assert.Equal(2, bars.Length);
        Assert.Equal("14:00–15:00: 18 succeeded, 2 failed. Open what is still failing", bars[1].GetAttribute("aria-label"));
        string href = bars[1].GetAttribute("href")!;
        Assert.StartsWith($"/p/default/settings/webhooks/{SampleStats.WebhookId}/events?", href, StringComparison.Ordinal);
        Assert.Contains("since=2026-11-20T14%3A00%3A00Z&until=2026-11-20T15%3A00%3A00Z", href, StringComparison.Ordinal);
        Assert.Equal("13:00–14:00: 10 succeeded, 0 failed. Open its deliveries", bars[0].GetAttribute("aria-label"));
    }

    [Fact]
    public void Chart_Keyboard_HasOneStopAtTheNewestBar()
    {
        var outcomes = Show(SampleStats.Data(last: (18, 2))).FindAll("figure.chart")[0];

        Assert.Equal(["-1", "0"], outcomes.QuerySelectorAll("a.chart-bar").Select(b => b.GetAttribute("tabindex")));
    }

    [Fact]
    public void Mark_OneChange_SaysWhatAndWhoAndLeadsToItsEntry()
    {
        var flag = Show(SampleStats.Data(last: (18, 2), changes: SampleStats.Change(TimeSpan.FromHours(3)))).Find("a.chart-flag");

        Assert.Equal("Secret rotated by ada@example.com, 20 Nov 11:05. See the activity.", flag.GetAttribute("aria-label"));
        Assert.Equal($"/p/default/settings/webhooks/{SampleStats.WebhookId}/activity?entry={SampleStats.EntryId}", flag.GetAttribute("href"));
    }

    [Fact]
    public void Mark_TwoChangesInOneHour_ShareAFlagAndBothAreInTheTable()
    {
        var view = Show(
            SampleStats.Data(
                last: (18, 2),
                changes: [SampleStats.Change(TimeSpan.FromMinutes(1), "Turned on"), SampleStats.Change(TimeSpan.FromMinutes(4), "Edited (URL)")]
            )
        );

        Assert.Equal("2", view.Find("a.chart-flag").TextContent.Trim());
        string cell = view.FindAll("figure.chart")[0].QuerySelector("tbody tr:last-child td:last-child")!.TextContent;
        Assert.Equal("Edited (URL) by ada@example.com, 20 Nov 14:01. Turned on by ada@example.com, 20 Nov 14:04.", cell);
    }

    [Fact]
    public void Mark_OnTheOverviewOfAProject_NamesTheWebhook()
    {
        var view = Show(SampleStats.Data(last: (18, 2), changes: SampleStats.Change(TimeSpan.FromHours(3))), webhook: false);

        Assert.StartsWith("Billing: Secret rotated", view.Find("a.chart-flag").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChartRange.Day, 24)]
    [InlineData(ChartRange.Week, 28)]
    [InlineData(ChartRange.Month, 30)]
    public void Range_Each_IsALinkAndMarksTheCurrentOne(ChartRange range, int columns)
    {
        var view = Show(SampleStats.Data(range, (18, 2)));

        Assert.Equal(["/page", "/page?range=7d", "/page?range=30d"], view.FindAll(".filter-chip").Select(c => c.GetAttribute("href")));
        Assert.Equal(ChartRanges.TextOf(range), view.Find(".filter-chip[aria-current]").TextContent);
        Assert.Equal(columns, view.FindAll("figure.chart")[0].QuerySelectorAll(".chart-column").Length);
    }

    [Fact]
    public void Charts_NothingHappened_SayWhatIsCountedInstead()
    {
        var view = Show(SampleStats.Data());

        Assert.Empty(view.FindAll("figure.chart"));
        Assert.Contains("No attempts in the last 24 hours", view.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Equal(["0", "—", "—", "4"], view.FindAll(".stat-value").Select(v => v.TextContent));
    }

    [Fact]
    public void Drawing_Geometry_HasNoStyleAttributes() =>
        Assert.Empty(Show(SampleStats.Data(last: (18, 2), changes: SampleStats.Change(TimeSpan.FromHours(3)))).FindAll("[style]"));

    private IRenderedComponent<StatsView> Show(StatsData data, bool webhook = true) =>
        Render<StatsView>(p =>
            p.Add(v => v.Data, data)
                .Add(v => v.Project, "default")
                .Add(v => v.BasePath, "/page")
                .Add(v => v.WebhookId, webhook ? SampleStats.WebhookId : null)
                .Add(v => v.Waiting, "4")
        );
}
