using System.Globalization;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Controls.Charts;

/// <summary>Bars or lines over time, with marks, a tooltip for each column and a table of the same values.</summary>
public sealed partial class Chart
{
    // Shorter bars would be invisible: one failure among thousands must still show.
    private const double LowestBar = 2;

    private string _hatch = "";
    private int _stop;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    /// <summary>Names the chart and its table.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What the chart says, as a sentence for people who cannot see it.</summary>
    [Parameter, EditorRequired]
    public string Summary { get; set; } = "";

    /// <summary>Oldest first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartColumn> Columns { get; set; } = [];

    /// <summary>Bars are stacked, the first at the bottom.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    /// <summary>Writes a value in full.</summary>
    [Parameter, EditorRequired]
    public Func<double, string> Format { get; set; } = default!;

    /// <summary>Writes a value on the axis, where there is little room; null to use <see cref="Format"/>.</summary>
    [Parameter]
    public Func<double, string>? AxisFormat { get; set; }

    /// <summary>Where the axis begins.</summary>
    [Parameter]
    public double Bottom { get; set; }

    /// <summary>Where the axis ends.</summary>
    [Parameter, EditorRequired]
    public double Top { get; set; }

    // Columns with a label below them. One at the right edge would have no room.
    private List<int> Labels => [.. Enumerable.Range(0, Math.Max(0, Columns.Count - 2)).Where(i => Columns[i].Label is not null)];

    private bool HasMarks => Columns.Any(c => c.Marks.Count > 0);

    // A line joins each point to the next; a missing value leaves a gap.
    private IEnumerable<(int Series, int From)> Lines =>
        from s in Enumerable.Range(0, Series.Count)
        where IsLine(s)
        from i in Enumerable.Range(0, Math.Max(0, Columns.Count - 1))
        where Columns[i].Values[s] is not null && Columns[i + 1].Values[s] is not null
        select (s, i);

    protected override void OnInitialized() => _hatch = $"hatch-{Ids.New(Clock.GetUtcNow()):n}";

    // The only tab stop: the newest column that opens something.
    protected override void OnParametersSet()
    {
        _stop = Columns.Count - 1;
        while (_stop > 0 && Columns[_stop].Href is null)
        {
            _stop--;
        }
    }

    private bool IsLine(int series) => Series[series].Look is ChartLook.Line or ChartLook.Dashed;

    private string LookOf(int series) =>
        Series[series].Look switch
        {
            ChartLook.Good => "bar-good",
            ChartLook.Bad => "bar-bad",
            ChartLook.Quantity => "bar-quantity",
            ChartLook.Line => "line-main",
            ChartLook.Dashed => "line-dashed",
            _ => throw new InvalidOperationException($"No such look: {Series[series].Look}."),
        };

    private string Sentence(ChartColumn column) => string.Join(", ", Enumerable.Range(0, Series.Count).Select(s => Said(column, s)));

    private string Said(ChartColumn column, int series)
    {
        string value = column.Values[series] is { } known ? Format(known) : "none";
        return Series[series].ValueFirst ? $"{value} {Series[series].Name}" : $"{Series[series].Name} {value}";
    }

    private string Axis(double value) => (AxisFormat ?? Format)(value);

    private static string NameOf(IReadOnlyList<ChartMark> marks) =>
        $"{(marks.Count == 1 ? "" : $"{marks.Count} changes: ")}{string.Join(" ", marks.Select(m => m.Text))} See the activity.";

    private double Share(double value) => Math.Clamp(100 * (value - Bottom) / (Top - Bottom), 0, 100);

    private string Y(double value) => Percent(100 - Share(value));

    private string Middle(int column) => Percent(100 * (column + 0.5) / Columns.Count);

    // Where each bar of a column begins, from the top, and how tall it is; both in percent.
    private IEnumerable<(int Series, double From, double Height)> Bars(ChartColumn column)
    {
        double top = 100;
        for (int s = 0; s < Series.Count; s++)
        {
            if (!IsLine(s) && column.Values[s] is { } value and > 0)
            {
                double height = Math.Max(LowestBar, Share(value));
                top -= height;
                yield return (s, top, height);
            }
        }
    }

    private static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
