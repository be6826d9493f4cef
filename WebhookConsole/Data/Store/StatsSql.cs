using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Reads the counters of charts. A bucket is a number of quarters; @p0 is the webhook or project, and the first quarter, the quarters in a
/// bucket and the end follow.
/// </summary>
internal static class StatsSql
{
    public static readonly string LatencyColumns = string.Join(", ", Enumerable.Range(0, LatencyScale.Count).Select(QuarterCounts.LatencyColumn));
    public static readonly string NoLatencies = string.Join(", ", Enumerable.Repeat("0", LatencyScale.Count));

    public static readonly string OfWebhook = Counts("webhook_id = @p0");
    public static readonly string OfProject = Counts("webhook_id IN (SELECT id FROM webhooks WHERE project_id = @p0)");
    public static readonly string BacklogOfWebhook = Backlog("webhook_id = @p0");
    public static readonly string BacklogOfProject = Backlog("webhook_id IN (SELECT id FROM webhooks WHERE project_id = @p0)");

    private static string Counts(string whose) =>
        $"""
            SELECT (quarter - @p1) / @p2, SUM(succeeded), SUM(failed),
                {string.Join(", ", Enumerable.Range(0, LatencyScale.Count).Select(i => $"SUM({QuarterCounts.LatencyColumn(i)})"))}
            FROM webhook_quarters WHERE {whose} AND quarter >= @p1 AND quarter < @p3 GROUP BY 1
            """;

    // Within a quarter, the backlogs of all webhooks add up; over time, the largest sum counts.
    private static string Backlog(string whose) =>
        $"""
            SELECT (quarter - @p1) / @p2, MAX(waiting) FROM (
                SELECT quarter, SUM(backlog) AS waiting FROM webhook_quarters
                WHERE {whose} AND quarter >= @p1 AND quarter < @p3 AND backlog > 0 GROUP BY quarter) AS quarters
            GROUP BY 1
            """;
}

/// <summary>What was counted in a bucket.</summary>
/// <param name="Index">Its place in the window, from 0.</param>
/// <param name="Latencies">Attempts in each class of <see cref="LatencyScale"/>.</param>
/// <param name="Backlog">The most deliveries that were waiting at one time.</param>
public sealed record BucketCounts(int Index, long Succeeded, long Failed, long[] Latencies, long Backlog);
