using WebhookConsole.Cluster;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Runs the queue of one webhook: it takes what it is handed, reads what else is due in pages, and keeps as many attempts going as the
/// limit allows, first attempts before retries. When nothing is due it schedules itself for the earliest retry. A webhook has only one lane:
/// in this process by the registry, in a cluster because the lane is a duty of this node and ends with the node's lease.
/// </summary>
public sealed class DeliveryLane(
    DeliveryStore store,
    WebhookDirectory directory,
    AttemptRunner runner,
    LaneRegistry lanes,
    ILaneScheduler scheduler,
    PendingResults unrecorded,
    RecoveryStops stops,
    NodeMembership node,
    ClusterDuties duties,
    LaneMessages messages,
    RandomSource random,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<DeliveryLane> log
)
{
    // A lane with nothing to do stays for a moment, because waking it in memory is cheaper than a round trip through the scheduler.
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(5);

    // In a cluster, starting a lane takes several transactions of the scheduler, which can start a few hundred a second.
    private static readonly TimeSpan s_lingerInCluster = TimeSpan.FromSeconds(60);

    // Something may come due between the last read and the question when the next one is due, so there is always a pause before asking.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);

    // What is due but cannot be taken (a result that cannot be written, a damaged row) must not keep the lane looking all the time.
    private static readonly TimeSpan s_besideStuck = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    // A database that is too busy for all lanes at once must not get them back all at once: they begin again after this and up to twice as long.
    private static readonly TimeSpan s_whileBusy = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Returns when nothing is due, when the webhook no longer delivers, or when the application stops or the node loses its lease, and all attempts
    /// are recorded. Returns at once when the lane is already running.
    /// </summary>
    public async Task RunAsync(Guid webhookId)
    {
        try
        {
            await TryRunAsync(webhookId);
        }
        catch (StoreUnavailableException exception)
        {
            TimeSpan pause = s_whileBusy * (1 + random());
            log.LogWarning("The lane of webhook {WebhookId} begins again in {Pause}: {Reason}", webhookId, pause, exception.Message);
            await scheduler.RunAtAsync(webhookId, clock.GetUtcNow() + pause);
        }
    }

    private async Task TryRunAsync(Guid webhookId)
    {
        if (lanes.TryEnter(webhookId) is not { } mailbox)
        {
            return;
        }

        bool taken = false;
        try
        {
            // The lease comes first: what is taken under it ends with it.
            NodeLease lease = node.Lease;
            taken = duties.TryTake(webhookId);
            if (!taken)
            {
                await PassOnAsync(webhookId, lease);
                return;
            }

            await RunAsync(webhookId, mailbox, lease);
        }
        finally
        {
            // Only then may another run of this lane begin here, which would lose the duty that it has just taken.
            if (taken)
            {
                TryGiveBack(webhookId);
            }

            lanes.Leave(webhookId);
        }

        await EndAsync(webhookId);
    }

    private void TryGiveBack(Guid webhookId)
    {
        try
        {
            duties.GiveBack(webhookId);
        }
        // The duty stays this node's, which takes it again or loses it with its lease.
        catch (Exception exception)
        {
            log.LogWarning(exception, "The lane of webhook {WebhookId} could not be given back", webhookId);
        }
    }

    private async Task RunAsync(Guid webhookId, LaneMailbox mailbox, NodeLease lease)
    {
        TimeSpan linger = node.IsCluster ? s_lingerInCluster : s_linger;
        await using LaneRun run = new(webhookId, store, directory, runner, unrecorded, mailbox, stops, lease, clock, lifetime.ApplicationStopping);
        await using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.Register(mailbox.Signal.Set);
        await using CancellationTokenRegistration lost = lease.Lost.Register(mailbox.Signal.Set);
        try
        {
            while (await run.DrainAsync())
            {
                TimeSpan wait = run.UntilNext() is { } next && next < linger ? next : linger;
                TimeSpan shortest = run.IsStuck ? s_besideStuck : s_shortest;
                if (!await mailbox.Signal.WaitAsync(wait < shortest ? shortest : wait, clock))
                {
                    if (wait == linger)
                    {
                        break;
                    }

                    run.LookAgain();
                }
            }
        }
        finally
        {
            await run.FinishAsync();
        }
    }

    // The wake that started this lane is meant for the node that runs it. Without a lease, this node is woken when it has one again.
    private ValueTask PassOnAsync(Guid webhookId, NodeLease lease) => lease.IsHeld ? scheduler.RunAsync(webhookId) : ValueTask.CompletedTask;

    private async Task EndAsync(Guid webhookId)
    {
        // Work that arrived between the last look and leaving has woken nobody; this look finds it.
        if (store.NextDue(webhookId) is { } due)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                messages.TellFree(webhookId);
                return;
            }

            // What may not go out and cannot be held either (a secret that cannot be read) must not keep the lane in a loop.
            bool delivers = await directory.FindAsync(webhookId) is { HeldReason: null };
            await scheduler.RunAtAsync(webhookId, delivers ? due : clock.GetUtcNow() + s_lookAgain);
        }
    }
}
