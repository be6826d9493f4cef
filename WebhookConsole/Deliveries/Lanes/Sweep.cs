using WebhookConsole.Data.Store;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// The net under the wake-ups: wakes the lanes that have work. A wall clock that was set back would keep what was planned before
/// waiting by as much; the sweep notices and plans it anew, so that it waits no longer than a sweep. A clock set forward needs nothing:
/// what it makes due goes out at the pace of its lane, once, and is planned by the new time. One caller at a time.
/// </summary>
public sealed class Sweep(DeliveryStore store, LaneRegistry lanes, StuckQueues stuck, TimeProvider clock, ILogger<Sweep> log)
{
    // What a time service corrects in small steps delays nothing that matters.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset _last;
    private long? _lastTicks;

    /// <exception cref="StoreUnavailableException">The database cannot be written and the plan has to be.</exception>
    public async Task RunAsync()
    {
        DateTimeOffset now = clock.GetUtcNow();
        long ticks = clock.GetTimestamp();
        bool first = _lastTicks is null;
        TimeSpan back = _lastTicks is { } last ? _last + clock.GetElapsedTime(last, ticks) - now : TimeSpan.Zero;
        bool stepped = back > s_tolerance;

        // At start every lane with anything planned: the times of retries were with the scheduler of the last run.
        List<Guid> work = store.WebhooksWithWork(first || stepped ? DateTimeOffset.MaxValue : now);
        if (stepped)
        {
            log.LogWarning("The clock was set back by {Back}; what is planned is moved with it", back);
        }

        try
        {
            if (first || stepped)
            {
                await ReplanAsync(work, now, back);
            }

            // Only now: were the plan not written, the next sweep has to see the step again.
            (_last, _lastTicks) = (now, ticks);
        }
        finally
        {
            foreach (Guid webhookId in work)
            {
                await lanes.WakeAsync(webhookId);
            }
        }

        LookForStuck(work, now);
    }

    private void LookForStuck(List<Guid> work, DateTimeOffset now)
    {
        Dictionary<Guid, DateTimeOffset> oldest = [];
        foreach (Guid webhookId in work)
        {
            if (store.NextDue(webhookId) is { } due && due <= now)
            {
                oldest[webhookId] = due;
            }
        }

        stuck.Saw(oldest);
    }

    private async Task ReplanAsync(List<Guid> webhooks, DateTimeOffset now, TimeSpan back)
    {
        foreach (Guid webhookId in webhooks)
        {
            await store.ReplanAsync(webhookId, now, back);
        }
    }
}
