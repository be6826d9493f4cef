using Bunit;
using WebhookConsole.Components.Controls.Charts;

namespace WebhookConsole.Tests.Components.Stats;

public class ChartTests : ComponentTestContext
{
    private static readonly ChartSeries[] s_stack = [new("succeeded", ChartLook.Good), new("failed", ChartLook.Bad)];
    private static readonly ChartSeries[] s_line = [new("p95", ChartLook.Line)];

    [Fact]
    public void Bars_Stacked_StandOnEachOther()
    {
        var rects = Show(s_stack, Column(50, 25)).FindAll(".chart-drawing rect");

        Assert.Equal([("50%", "50%"), ("25%", "25%")], rects.Select(r => (r.GetAttribute("y")!, r.GetAttribute("height")!)));
        Assert.StartsWith("url(#hatch-", rects[1].GetAttribute("fill"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_OneAmongThousands_IsStillSeen() => Assert.Equal("2%", Show(s_stack, Column(0, 0.001)).Find(".chart-drawing rect").GetAttribute("height"));

    [Fact]
    public void Line_MissingValue_IsInterrupted()
    {
        var chart = Show(s_line, Column(10), Column(20), Column([null]), Column(100), Column(0));

        Assert.Equal([("10%", "30%"), ("70%", "90%")], chart.FindAll(".chart-lines line").Select(l => (l.GetAttribute("x1")!, l.GetAttribute("x2")!)));
        Assert.Equal(["90%", "80%", "0%", "100%"], chart.FindAll("circle").Select(c => c.GetAttribute("cy")!));
        Assert.Equal("—", chart.FindAll("tbody td")[2].TextContent);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(35, 40)]
    [InlineData(101, 200)]
    [InlineData(5_000_000, 10_000_000)]
    public void Scale_Peak_EndsAtARoundNumber(double peak, long top) => Assert.Equal(top, ChartScale.Top(peak));

    [Theory]
    [InlineData(100, 99)]
    [InlineData(98.7, 90)]
    [InlineData(71, 50)]
    [InlineData(12, 0)]
    public void Scale_Percent_BeginsWhereDifferencesAreSeen(double lowest, double floor) => Assert.Equal(floor, ChartScale.PercentFloor(lowest));

    private static ChartColumn Column(params double?[] values) => new("14:00–15:00", null, values, "/x", "Open its deliveries", []);

    private IRenderedComponent<Chart> Show(ChartSeries[] series, params ChartColumn[] columns) =>
        Render<Chart>(p =>
            p.Add(c => c.Title, "Attempts")
                .Add(c => c.Summary, "Summary")
                .Add(c => c.Columns, columns)
                .Add(c => c.Series, series)
                .Add(c => c.Format, v => $"{v}")
                .Add(c => c.Top, 100)
        );
}
