using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>
/// Works on the running recoveries in small steps: it makes a few deliveries due, and their lanes send them within every limit that a webhook
/// has. All state is in the database, so a step that a crash interrupts is picked up again. One caller at a time.
/// </summary>
public sealed class RecoveryRunner(
    DeliveryStore store,
    WebhookDirectory directory,
    LaneRegistry lanes,
    RecoveryEnds ends,
    RecoveryChanges changes,
    IDbContextFactory<ConsoleDbContext> contexts,
    TimeProvider clock,
    ILogger<RecoveryRunner> log
)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    // What may be on its way to one webhook. It keeps a fast receiver busy between two steps, and it is all that Pause has to take back.
    private const int Window = 500;

    // Where few event types match, most pages are empty; this many are read in one step.
    private const int EmptyPages = 20;

    private readonly Dictionary<Guid, (RecoveryPace Pace, int Told)> _known = [];

    /// <summary>Returns when no recovery runs or the application is stopping.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        bool first = true;
        while (!stopping.IsCancellationRequested)
        {
            List<Recovery> running = await ReadRunningAsync(stopping);
            if (first)
            {
                await GiveBackOfOthersAsync(running);
                first = false;
            }

            if (running.Count == 0)
            {
                _known.Clear();
                return;
            }

            foreach (Recovery recovery in running)
            {
                await TryStepAsync(recovery);
            }

            await Task.Delay(s_step, clock, stopping);
        }
    }

    private async Task<List<Recovery>> ReadRunningAsync(CancellationToken stopping)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(stopping);
        return await db.Recoveries.AsNoTracking().Where(r => r.Status == RecoveryStatus.Running).OrderBy(r => r.Id).ToListAsync(stopping);
    }

    // A crash right after a pause leaves deliveries that would still go out.
    private async Task GiveBackOfOthersAsync(List<Recovery> running)
    {
        foreach (Guid other in store.RecoveriesOnTheirWay().Except(running.Select(r => r.Id)))
        {
            await store.GiveBackAsync(other);
        }
    }

    // What is wrong with one recovery must not stop the others; while the database is away, all of them wait.
    private async Task TryStepAsync(Recovery recovery)
    {
        try
        {
            await StepAsync(recovery);
        }
        catch (Exception exception) when (exception is not StoreUnavailableException)
        {
            log.LogError(exception, "A step of recovery {RecoveryId} failed; it will be tried again", recovery.Id);
        }
    }

    private async Task StepAsync(Recovery recovery)
    {
        (RecoveryPace pace, int told) = _known.TryGetValue(recovery.Id, out (RecoveryPace, int) known)
            ? known
            : (new RecoveryPace(recovery.PerSecond, clock), -1);
        _known[recovery.Id] = (pace, recovery.Attempted);
        if (told != recovery.Attempted)
        {
            changes.Tell(recovery);
        }

        // What is on its way is counted first: a probe that is recorded in between must not look like one that was never sent.
        Dictionary<Guid, int> onTheirWay = store.CountOnTheirWay(recovery.Id);
        if (recovery.Probing && await ReadAsync(recovery.Id) is { Attempted: > 0 } attempted)
        {
            await ends.OfProbeAsync(attempted);
            return;
        }

        List<RecoveryPart> parts = await ReadPartsAsync(recovery.Id);
        List<DeliveryTarget> off = [];
        bool deleted = false;
        bool over = onTheirWay.Count == 0;
        foreach (RecoveryPart part in pace.InTurn(parts))
        {
            DeliveryTarget? target = await directory.FindAsync(part.WebhookId);
            if (target is null)
            {
                deleted = true;
            }
            else if (target.HeldReason is not null)
            {
                off.Add(target);
            }
            else
            {
                int sent = onTheirWay.GetValueOrDefault(part.WebhookId);
                int room = recovery.Probing ? 1 - onTheirWay.Values.Sum() : Window - sent;
                int planned = await PlanAsync(recovery, part, sent, Math.Min(room, pace.Share(parts.Count)));
                onTheirWay[part.WebhookId] = sent + planned;
                pace.Used(planned);
                over = false;
            }
        }

        if (over)
        {
            await ends.Async(recovery, off, deleted);
        }
    }

    private async Task<Recovery> ReadAsync(Guid recoveryId)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        return await db.Recoveries.AsNoTracking().SingleAsync(r => r.Id == recoveryId);
    }

    private async Task<List<RecoveryPart>> ReadPartsAsync(Guid recoveryId)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        return await db
            .RecoveryParts.AsNoTracking()
            .Where(p => p.RecoveryId == recoveryId && !p.Done)
            .OrderBy(p => p.WebhookId)
            .ThenBy(p => p.Status)
            .ToListAsync();
    }

    // Returns how many became due.
    private async Task<int> PlanAsync(Recovery recovery, RecoveryPart part, int onTheirWay, int room)
    {
        for (int i = 0; room > 0 && i < EmptyPages; i++)
        {
            RecoverablePage page = store.ReadRecoverable(recovery, part, room);
            if (page is { AtEnd: true, Ids.Count: 0 } && onTheirWay > 0)
            {
                // What is on its way may come back if the webhook is disabled now.
                return 0;
            }

            int planned = await store.PlanRecoveryAsync(page, clock.GetUtcNow());
            if (planned > 0)
            {
                await lanes.WakeAsync(part.WebhookId);
            }

            if (page.Ids.Count > 0 || page.AtEnd)
            {
                return planned;
            }

            part.Position = page.Position;
        }

        return 0;
    }
}
