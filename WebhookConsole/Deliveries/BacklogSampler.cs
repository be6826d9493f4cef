using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>
/// Checks once a minute how many deliveries of each webhook wait for an attempt, and keeps the largest number of each quarter of an hour for
/// the charts. It reads the index of the queue, up to <see cref="Limit"/> rows for each webhook, and writes nothing for an empty queue.
/// </summary>
public sealed class BacklogSampler(DeliveryStore store, TimeProvider clock)
{
    /// <summary>Larger backlogs are shown as this number and a plus.</summary>
    public const int Limit = 100_000;

    /// <exception cref="StoreUnavailableException">The database cannot be written now.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<(Guid WebhookId, int Waiting)> backlogs = [];
        foreach (Guid webhookId in store.WebhooksWithWork(DateTimeOffset.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.CountWaiting(webhookId, Limit) is > 0 and int waiting)
            {
                backlogs.Add((webhookId, waiting));
            }
        }

        if (backlogs.Count > 0)
        {
            await store.SampleBacklogAsync(WebhookQuarter.Of(clock.GetUtcNow()), backlogs);
        }
    }
}
