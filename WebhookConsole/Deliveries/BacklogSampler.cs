using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Deliveries;

/// <summary>
/// Checks once a minute how many deliveries of each webhook wait for an attempt, and keeps the largest number of each quarter of an hour for
/// the charts. It reads the index of the queue, up to <see cref="Limit"/> rows for each webhook, and writes nothing for an empty queue.
/// A backlog that grows is told to operations webhooks. One caller at a time.
/// </summary>
public sealed class BacklogSampler(DeliveryStore store, EngineMetrics metrics, TimeProvider clock)
{
    /// <summary>Larger backlogs are shown as this number and a plus.</summary>
    public const int Limit = 100_000;

    /// <summary>A smaller backlog is an ordinary burst.</summary>
    public const int Large = 1_000;

    /// <summary>So many minutes in a row with more waiting than before are no burst any more.</summary>
    public const int Rises = 5;

    private Dictionary<Guid, (int Waiting, int Rises)> _last = [];

    /// <returns>Webhooks that have an operational event to deliver because of it.</returns>
    /// <exception cref="StoreUnavailableException">The database cannot be written now.</exception>
    public async Task<IReadOnlyList<Guid>> RunAsync(CancellationToken cancellationToken)
    {
        List<(Guid WebhookId, int Waiting)> waiting = [];
        foreach (Guid webhookId in store.WebhooksWithWork(DateTimeOffset.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.CountWaiting(webhookId, Limit) is > 0 and int count)
            {
                waiting.Add((webhookId, count));
            }
        }

        metrics.SawQueue(waiting.Sum(w => (long)w.Waiting));
        _last = waiting.ToDictionary(w => w.WebhookId, w => (w.Waiting, RisesOf(w.WebhookId, w.Waiting)));
        BacklogSample sample = new(
            waiting,
            [.. waiting.Where(w => w.Waiting >= Large && _last[w.WebhookId].Rises >= Rises)],
            [.. store.ReadReportedBacklogs().Where(id => !_last.TryGetValue(id, out (int Waiting, int Rises) seen) || seen.Waiting < Large / 2)]
        );
        if (sample.Waiting.Count + sample.Gone.Count == 0)
        {
            return [];
        }

        DateTimeOffset now = clock.GetUtcNow();
        return await store.SampleBacklogAsync(WebhookQuarter.Of(now), sample, now);
    }

    // At the limit nobody can tell whether it grows.
    private int RisesOf(Guid webhookId, int waiting) =>
        _last.TryGetValue(webhookId, out (int Waiting, int Rises) before) && (waiting > before.Waiting || waiting == Limit) ? before.Rises + 1 : 0;
}
