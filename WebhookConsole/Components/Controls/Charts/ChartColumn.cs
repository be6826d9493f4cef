namespace WebhookConsole.Components.Controls.Charts;

/// <summary>One place on the time axis of a chart.</summary>
/// <param name="Span">Its time, as people read it.</param>
/// <param name="Label">What the axis shows below it; null for nothing.</param>
/// <param name="Values">One for each series; null where there is none.</param>
/// <param name="Href">What a click opens; null for nothing.</param>
/// <param name="Opens">What that is: "Open what is still failing".</param>
/// <param name="Marks">What changed in this time, oldest first.</param>
public sealed record ChartColumn(string Span, string? Label, IReadOnlyList<double?> Values, string? Href, string? Opens, IReadOnlyList<ChartMark> Marks);

/// <summary>Something that people or the engine did, at its place on the time axis.</summary>
/// <param name="At">Where in the column, from 0 to 1.</param>
/// <param name="Text">What, who and when, as one sentence.</param>
/// <param name="Href">Where to read more about it.</param>
public sealed record ChartMark(double At, IconName Icon, string Text, string Href);

/// <param name="Name">What is counted or measured, as in "12 <c>succeeded</c>" and "p95 240 ms".</param>
/// <param name="Look">How it is drawn.</param>
/// <param name="ValueFirst">True for "12 succeeded", false for "p95 240 ms".</param>
public sealed record ChartSeries(string Name, ChartLook Look, bool ValueFirst = false);

/// <summary>How a series is drawn. No two are told apart by colour alone.</summary>
public enum ChartLook
{
    /// <summary>A plain bar.</summary>
    Good = 0,

    /// <summary>A hatched bar, stacked on what comes before.</summary>
    Bad = 1,

    /// <summary>A plain bar that is neither good nor bad.</summary>
    Quantity = 2,

    /// <summary>A line with round points.</summary>
    Line = 3,

    /// <summary>A dashed line with square points.</summary>
    Dashed = 4,
}
