using WebhookConsole.Data.Store;

namespace WebhookConsole.Deliveries;

/// <summary>The net under the wake-ups: wakes the lanes that have work. The scheduler runs it every 30 s, one at a time.</summary>
public sealed class Sweep(DeliveryStore store, LaneWaker waker, TimeProvider clock)
{
    private bool _wokeAll;

    /// <summary>
    /// The first run that succeeds wakes every lane with anything planned, because the times of retries were with the scheduler of the
    /// last process; later ones wake the lanes with something due.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read now.</exception>
    public async Task RunAsync()
    {
        foreach (Guid webhookId in store.WebhooksWithWork(_wokeAll ? clock.GetUtcNow() : DateTimeOffset.MaxValue))
        {
            await waker.WakeAsync(webhookId);
        }

        _wokeAll = true;
    }
}
