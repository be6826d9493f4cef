using WebhookConsole.Data.Store;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// The safety net under the wakes: it wakes the lanes that have work. When the wall clock is set back, everything planned before would
/// wait longer by the same amount; the sweep notices that and moves the plan, so that nothing waits longer than one sweep. A clock set
/// forward needs nothing: what becomes due goes out once, at the pace of its lane. One caller at a time.
/// </summary>
public sealed class Sweep(DeliveryStore store, LaneRegistry lanes, StuckQueues stuck, EngineMetrics metrics, TimeProvider clock, ILogger<Sweep> log)
{
    // Small corrections by a time service delay nothing that matters.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset _last;
    private long? _lastTicks;

    /// <summary>Only looks for queues that stand still, where another node of a cluster sweeps.</summary>
    public void Look()
    {
        DateTimeOffset now = clock.GetUtcNow();
        LookForStuck(store.WebhooksWithWork(now), now);
    }

    /// <exception cref="StoreUnavailableException">The plan has to be moved, but the database cannot be written.</exception>
    public async Task RunAsync()
    {
        DateTimeOffset now = clock.GetUtcNow();
        long ticks = clock.GetTimestamp();
        bool first = _lastTicks is null;
        TimeSpan back = _lastTicks is { } last ? _last + clock.GetElapsedTime(last, ticks) - now : TimeSpan.Zero;
        bool stepped = back > s_tolerance;

        // At start this wakes every lane with anything planned, because the times of retries were in the scheduler of the last run.
        List<Guid> work = store.WebhooksWithWork(first || stepped ? DateTimeOffset.MaxValue : now);
        if (stepped)
        {
            log.LogWarning("The clock was set back by {Back}; planned attempts are moved back with it", back);
        }

        try
        {
            if (first || stepped)
            {
                await ReplanAsync(work, now, back);
            }

            // This comes last: if the plan was not written, the next sweep has to see the step again.
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

        metrics.SawOldestDue(oldest.Count == 0 ? TimeSpan.Zero : now - oldest.Values.Min());
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
