using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>What follows a committed change of a recovery: the job, the lanes and the open pages are told.</summary>
public sealed class RecoveryChanges(
    DeliveryStore store,
    RecoveryStops stops,
    IRecoveryScheduler scheduler,
    ChangeFeed feed,
    EngineMetrics metrics,
    ILogger<RecoveryChanges> log
)
{
    /// <summary>It was created or resumed.</summary>
    public async Task StartedAsync(Recovery recovery)
    {
        metrics.RecoveryChangedTo("running");
        stops.Resume(recovery.Id);
        Tell(recovery);
        try
        {
            await scheduler.RunAsync();
        }
        // Whatever is wrong with the scheduler, the job's next run comes by itself.
        catch (Exception exception)
        {
            log.LogWarning(exception, "Could not wake the job of recovery {RecoveryId}; its next run will find it", recovery.Id);
        }
    }

    /// <summary>It was paused, cancelled or completed: what it has planned becomes what it was.</summary>
    public async Task StoppedAsync(Recovery recovery)
    {
        metrics.RecoveryChangedTo(recovery.Status.ToString().ToLowerInvariant());
        stops.Stop(recovery.Id);
        await store.GiveBackAsync(recovery.Id);
        feed.Publish(new ChangeNotice(recovery.ProjectId, ChangeKind.Deliveries, recovery.WebhookId));
        Tell(recovery);
    }

    /// <summary>Its figures have changed.</summary>
    public void Tell(Recovery recovery) => feed.Publish(new ChangeNotice(recovery.ProjectId, ChangeKind.Recoveries, recovery.Id));
}
