using System.Globalization;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Stats;

/// <summary>Turns figures into the columns of a chart: times in the browser's zone, links to the deliveries of each column, and marks.</summary>
public sealed class StatsColumns(StatsData data, BrowserTime time, string project, Guid? webhookId)
{
    /// <summary>The columns of a chart.</summary>
    /// <param name="values">The values of a bucket, one for each series.</param>
    /// <param name="marked">True to show the marks.</param>
    public IReadOnlyList<ChartColumn> Of(Func<StatsBucket, IReadOnlyList<double?>> values, bool marked = false) =>
        [
            .. data.Series.Buckets.Select(
                (b, i) =>
                    new ChartColumn(
                        SpanOf(b),
                        LabelOf(b, i),
                        values(b),
                        b.Attempts == 0 ? null : HrefOf(b),
                        b.Attempts == 0 ? null
                            : b.Failed > 0 ? "Open what is still failing"
                            : "Open its deliveries",
                        marked ? MarksOf(b) : []
                    )
            ),
        ];

    /// <summary>The deliveries of a time range; where an attempt failed, only what has not succeeded since.</summary>
    public string HrefOf(StatsBucket bucket)
    {
        DeliveryListQuery query = new()
        {
            Window = TimeWindow.Custom,
            Since = bucket.From,
            Until = bucket.Until,
            Test = false,
            Failing = bucket.Failed > 0,
        };
        return webhookId is { } id
            ? new DeliveryListAddress(ConsoleUrls.Webhook(project, id, WebhookTabs.Events), SelectInPath: false).Href(query, null)
            : ConsoleUrls.Events(project) + query.ToQueryString();
    }

    private IReadOnlyList<ChartMark> MarksOf(StatsBucket bucket) =>
        [
            .. data
                .Changes.Where(c => c.At >= bucket.From && c.At < bucket.Until)
                .OrderBy(c => c.At)
                .Select(c => new ChartMark(
                    (c.At - bucket.From) / (bucket.Until - bucket.From),
                    c.Icon,
                    $"{(webhookId is null ? $"{c.Webhook}: {c.What}" : c.What)} by {c.Who}, {Text(c.At, "d MMM HH:mm")}.",
                    ConsoleUrls.Activity(project, c.WebhookId, c.EntryId)
                )),
        ];

    // "14:00–15:00" today, "Mon 16 Nov, 12:00–18:00" in a week, "Mon 16 Nov" in a month.
    private string SpanOf(StatsBucket bucket) =>
        data.Range switch
        {
            ChartRange.Day => $"{Text(bucket.From, "HH:mm")}–{Text(bucket.Until, "HH:mm")}",
            ChartRange.Week => $"{Text(bucket.From, "ddd d MMM, HH:mm")}–{Text(bucket.Until, "HH:mm")}",
            ChartRange.Month => Text(bucket.From.AddHours(12), "ddd d MMM"),
            _ => throw new InvalidOperationException($"No such range: {data.Range}."),
        };

    // When the clocks change, columns of a week no longer begin at midnight; their middles stay on the same side of it.
    private string? LabelOf(StatsBucket bucket, int index) =>
        data.Range switch
        {
            ChartRange.Day => time.ToLocal(bucket.From).Hour % 6 == 0 ? Text(bucket.From, "HH:mm") : null,
            ChartRange.Week => time.ToLocal(bucket.From.AddHours(3)).Hour < 6 ? Text(bucket.From.AddHours(3), "ddd d") : null,
            ChartRange.Month => index % 5 == 0 ? Text(bucket.From.AddHours(12), "d MMM") : null,
            _ => throw new InvalidOperationException($"No such range: {data.Range}."),
        };

    private string Text(DateTimeOffset at, string format) => time.ToLocal(at).ToString(format, CultureInfo.InvariantCulture);
}
