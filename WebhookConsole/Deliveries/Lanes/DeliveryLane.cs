using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Runs the queue of one webhook: takes what it is handed, reads what else is due in pages, keeps up to its limit of attempts going,
/// first attempts before retries, until nothing is due; then plans itself for the earliest retry. The scheduler sees to it that a
/// webhook has one lane.
/// </summary>
public sealed class DeliveryLane(
    DeliveryStore store,
    WebhookDirectory directory,
    AttemptRunner runner,
    LaneRegistry lanes,
    ILaneScheduler scheduler,
    PendingResults unrecorded,
    TimeProvider clock,
    IHostApplicationLifetime lifetime
)
{
    // A lane that has nothing to do stays a moment: waking it then is a pulse instead of a scheduler round trip.
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(5);

    // Something may come due between the last read and the question when; never ask without a pause.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);

    // What stays due and cannot be taken (a result that cannot be written, a damaged row) must not make the lane look all the time.
    private static readonly TimeSpan s_besideStuck = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    /// <summary>Returns when nothing is due, the webhook no longer delivers, or the application stops and all attempts are recorded.</summary>
    public async Task RunAsync(Guid webhookId)
    {
        LaneMailbox mailbox = lanes.Enter(webhookId);
        await using LaneRun run = new(webhookId, store, directory, runner, unrecorded, mailbox, clock, lifetime.ApplicationStopping);
        await using CancellationTokenRegistration registration = lifetime.ApplicationStopping.Register(mailbox.Signal.Set);
        try
        {
            while (await run.DrainAsync())
            {
                TimeSpan wait = run.UntilNext() is { } next && next < s_linger ? next : s_linger;
                TimeSpan shortest = run.IsStuck ? s_besideStuck : s_shortest;
                if (!await mailbox.Signal.WaitAsync(wait < shortest ? shortest : wait, clock))
                {
                    if (wait == s_linger)
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
            lanes.Leave(webhookId);
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        // Work that arrived between the last look and leaving pulsed nobody; this look finds it.
        if (store.NextDue(webhookId) is { } due)
        {
            // What may not go out, and cannot be held either (a secret that cannot be read), must not be looked at in a circle.
            bool delivers = await directory.FindAsync(webhookId) is { HeldReason: null };
            await scheduler.RunAtAsync(webhookId, delivers ? due : clock.GetUtcNow() + s_lookAgain);
        }
    }
}
