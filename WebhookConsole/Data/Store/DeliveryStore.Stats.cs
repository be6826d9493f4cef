using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <content>Counters of charts.</content>
public sealed partial class DeliveryStore
{
    // Reading stops at the limit, so a backlog of millions costs no more than one at the limit.
    private static readonly string s_countWaiting = $"""
        SELECT COUNT(*) FROM (SELECT 1 AS one FROM deliveries
            WHERE webhook_id = @p0 AND status IN ({StatusSql.Planned}) AND next_attempt_at IS NOT NULL LIMIT @p1) AS waiting
        """;

    /// <summary>Deliveries of a webhook that wait for an attempt, counted up to a limit.</summary>
    public int CountWaiting(Guid webhookId, int atMost) => (int)(_charts.Use(session => session.Number(s_countWaiting, webhookId, atMost)) ?? 0);

    /// <summary>Records backlogs that were seen.</summary>
    /// <returns>Webhooks that have an operational event to deliver because of it.</returns>
    public Task<IReadOnlyList<Guid>> SampleBacklogAsync(long quarter, BacklogSample sample, DateTimeOffset at) =>
        _writer.Submit(new SampleBacklogOperation(quarter, sample, at));

    /// <summary>Webhooks whose growing backlog operations webhooks were told of.</summary>
    public List<Guid> ReadReportedBacklogs() => ReadIds("SELECT webhook_id FROM webhook_health WHERE backlog_reported_at IS NOT NULL");

    /// <summary>Counters of a webhook, or of all webhooks of a project, for charts; buckets without anything are left out.</summary>
    /// <param name="project">True when <paramref name="id"/> is a project's.</param>
    /// <param name="first">The first quarter.</param>
    /// <param name="length">Quarters in a bucket.</param>
    /// <param name="end">The quarter after the last.</param>
    public List<BucketCounts> ReadStats(Guid id, bool project, long first, int length, long end)
    {
        return _charts.Use(session =>
        {
            Dictionary<long, long> backlog = [];
            using (IStoreRows rows = session.Query(project ? StatsSql.BacklogOfProject : StatsSql.BacklogOfWebhook, id, first, length, end))
            {
                while (rows.Read())
                {
                    backlog.Add(rows.Number(0)!.Value, rows.Number(1)!.Value);
                }
            }

            List<BucketCounts> buckets = [];
            using IStoreRows counts = session.Query(project ? StatsSql.OfProject : StatsSql.OfWebhook, id, first, length, end);
            while (counts.Read())
            {
                long bucket = counts.Number(0)!.Value;
                long[] latencies = new long[LatencyScale.Count];
                for (int i = 0; i < latencies.Length; i++)
                {
                    latencies[i] = counts.Number(i + 3)!.Value;
                }

                buckets.Add(new BucketCounts((int)bucket, counts.Number(1)!.Value, counts.Number(2)!.Value, latencies, backlog.GetValueOrDefault(bucket)));
            }

            return buckets;
        });
    }
}
