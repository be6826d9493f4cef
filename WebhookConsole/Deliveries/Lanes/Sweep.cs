using WebhookConsole.Cluster;
using WebhookConsole.Data.Store;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// The safety net under the wakes: it wakes the lanes that have work. When the wall clock is set back, everything planned before would
/// wait longer by the same amount; the sweep notices that and moves the plan, so that nothing waits longer than one sweep. A clock set
/// forward needs nothing: what becomes due goes out once, at the pace of its lane. One caller at a time.
/// </summary>
public sealed class Sweep
{
    // Small corrections by a time service delay nothing that matters.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    private readonly DeliveryStore _store;
    private readonly LaneRegistry _lanes;
    private readonly StuckQueues _stuck;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<Sweep> _log;
    private DateTimeOffset _last;
    private long? _lastTicks;

    public Sweep(
        DeliveryStore store,
        LaneRegistry lanes,
        StuckQueues stuck,
        NodeMembership node,
        NodeMessages messages,
        EngineMetrics metrics,
        TimeProvider clock,
        ILogger<Sweep> log
    )
    {
        _store = store;
        _lanes = lanes;
        _stuck = stuck;
        _metrics = metrics;
        _clock = clock;
        _log = log;

        // Whoever reports it must not wait for the database.
        node.Freed += webhooks => _ = Task.Run(() => WakeAsync(webhooks));
        messages.Missed += () => _ = Task.Run(() => WakeAsync([]));
    }

    /// <summary>Only looks for queues that stand still; used where another node of the cluster sweeps.</summary>
    public void Look()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        LookForStuck(_store.WebhooksWithWork(now), now);
    }

    /// <exception cref="StoreUnavailableException">The plan has to be moved, but the database cannot be written.</exception>
    public async Task RunAsync()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        long ticks = _clock.GetTimestamp();
        bool first = _lastTicks is null;
        TimeSpan back = _lastTicks is { } last ? _last + _clock.GetElapsedTime(last, ticks) - now : TimeSpan.Zero;
        bool stepped = back > s_tolerance;

        // At start this wakes every lane with anything planned, because the times of retries were in the scheduler of the last run.
        List<Guid> work = _store.WebhooksWithWork(first || stepped ? DateTimeOffset.MaxValue : now);
        if (stepped)
        {
            _log.LogWarning("The clock was set back by {Back}; planned attempts are moved back with it", back);
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
                await _lanes.WakeAsync(webhookId);
            }
        }

        LookForStuck(work, now);
    }

    // After a node has died, or when wakes may have been lost: wakes its lanes, and whatever else is due.
    private async Task WakeAsync(IReadOnlyList<Guid> webhooks)
    {
        try
        {
            // The duties of a node are not only lanes, and the times of retries were only in the memory of its lanes.
            List<Guid> planned = webhooks.Count == 0 ? [] : _store.WebhooksWithWork(DateTimeOffset.MaxValue);
            foreach (Guid webhookId in planned.Intersect(webhooks).Union(_store.WebhooksWithWork(_clock.GetUtcNow())))
            {
                await _lanes.WakeAsync(webhookId);
            }
        }
        // The next sweep tries again.
        catch (Exception exception)
        {
            _log.LogWarning(exception, "Could not take over the lanes of another node yet");
        }
    }

    private void LookForStuck(List<Guid> work, DateTimeOffset now)
    {
        Dictionary<Guid, DateTimeOffset> oldest = [];
        foreach (Guid webhookId in work)
        {
            if (_store.NextDue(webhookId) is { } due && due <= now)
            {
                oldest[webhookId] = due;
            }
        }

        _metrics.SawOldestDue(oldest.Count == 0 ? TimeSpan.Zero : now - oldest.Values.Min());
        _stuck.Saw(oldest);
    }

    private async Task ReplanAsync(List<Guid> webhooks, DateTimeOffset now, TimeSpan back)
    {
        foreach (Guid webhookId in webhooks)
        {
            await _store.ReplanAsync(webhookId, now, back);
        }
    }
}
