using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Live;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>What to do with deliveries that were held while a webhook was disabled: send or discard (specification §7).</summary>
public sealed class HeldDeliveries(
    UnitOfWork work,
    DeliveryStore store,
    LaneRegistry lanes,
    RecoveryRows recoveries,
    RecoveryChanges changes,
    ChangeFeed feed,
    AuditLog audit,
    IDbContextFactory<ConsoleDbContext> contexts,
    TimeProvider clock,
    ILogger<HeldDeliveries> log
) : IHeldDecisions
{
    // Where transactions run side by side, one that holds a delivery may end just before the one that enables the webhook, which does not see it. So
    // a decision to send is about what comes within this time as well; as long as the webhook stays enabled, nothing else is held.
    private static readonly TimeSpan s_stillComing = TimeSpan.FromSeconds(10);

    /// <summary>Sends or discards what a webhook holds.</summary>
    /// <returns>Null when nothing is held that the choice is about.</returns>
    /// <exception cref="RuleException">Invalid; NotFound; Conflict <c>webhook_not_active</c>: anything sent now would be held again.</exception>
    [Requires(Permission.ManageWebhooks)]
    public async Task<HeldOutcome?> DecideAsync(Actor actor, Guid projectId, Guid webhookId, HeldChoice choice)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        choice.Check();
        int counted = await CountAsync(webhookId, choice);
        return await BeginAsync(
            await work.RunAsync(async db =>
            {
                Webhook webhook =
                    await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null)
                    ?? throw RuleException.NotFound("webhook");
                return await WriteAsync(db, actor, webhook, choice, counted);
            })
        );
    }

    /// <summary>Finishes what a crash has interrupted.</summary>
    public async Task FinishAsync()
    {
        List<HeldPlan> left;
        await using (ConsoleDbContext db = await contexts.CreateDbContextAsync())
        {
            left = await db.HeldPlans.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
        }

        foreach (HeldPlan plan in left)
        {
            await FinishAsync(plan);
        }
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(Guid webhookId, HeldChoice choice)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        return await HeldOf(db, webhookId, choice).CountAsync();
    }

    /// <inheritdoc/>
    public async Task<HeldWork?> WriteAsync(ConsoleDbContext db, Actor actor, Webhook webhook, HeldChoice choice, int counted)
    {
        if (choice.Action == HeldAction.Send && webhook.State != WebhookState.Active)
        {
            throw RuleException.Conflict("webhook_not_active", "This webhook is disabled or unverified, so its deliveries are held. Turn it on first.");
        }

        bool any = await HeldOf(db, webhook.Id, choice).AnyAsync();
        if (!any && (choice.IsRecovery || choice.Action == HeldAction.Discard))
        {
            return null;
        }

        // Some may have come since they were counted.
        int deliveries = any ? Math.Max(counted, 1) : 0;
        if (choice.IsRecovery)
        {
            RecoveryRequest request = new()
            {
                WebhookId = webhook.Id,
                Since = choice.Since,
                Statuses = [DeliveryStatus.Held],
                EventTypes = choice.EventTypes,
                ProbeFirst = choice.ProbeFirst,
            };
            return new HeldWork(deliveries, null, await recoveries.AddAsync(db, actor, webhook.ProjectId, request, deliveries, [webhook.Id], []));
        }

        DateTimeOffset now = clock.GetUtcNow();
        HeldPlan plan = new()
        {
            Id = Ids.New(now),
            ProjectId = webhook.ProjectId,
            WebhookId = webhook.Id,
            Action = choice.Action,
            Since = choice.Since,
            Until = now + (choice.Action == HeldAction.Send ? s_stillComing : TimeSpan.FromMilliseconds(1)),
            Reason = choice.Action == HeldAction.Discard ? $"Discarded by {actor.Name}." : null,
        };
        db.HeldPlans.Add(plan);
        if (any)
        {
            audit.Add(
                db,
                actor,
                choice.Action == HeldAction.Send ? AuditActions.HeldReleased : AuditActions.HeldDiscarded,
                webhook.ProjectId,
                webhook.AuditTarget(),
                new { deliveries, since = choice.Since }
            );
        }

        return new HeldWork(deliveries, plan, null);
    }

    /// <inheritdoc/>
    public async Task<HeldOutcome?> BeginAsync(HeldWork? work)
    {
        if (work?.Recovery is { } recovery)
        {
            await changes.StartedAsync(recovery);
        }

        try
        {
            int count = work?.Plan is { } plan ? await FinishAsync(plan) : work?.Deliveries ?? 0;
            return count > 0 ? new HeldOutcome(count, work!.Recovery) : null;
        }
        catch (StoreUnavailableException exception)
        {
            log.LogWarning(exception, "Held deliveries of webhook {WebhookId} could not be moved yet; the next sweep will do it", work!.Plan!.WebhookId);
            return new HeldOutcome(work.Deliveries, null);
        }
    }

    private async Task<int> FinishAsync(HeldPlan plan)
    {
        int moved = await store.FinishAsync(plan, clock.GetUtcNow());
        await lanes.WakeAsync(plan.WebhookId);
        feed.Publish(new ChangeNotice(plan.ProjectId, ChangeKind.Deliveries, plan.WebhookId));
        return moved;
    }

    private static IQueryable<Delivery> HeldOf(ConsoleDbContext db, Guid webhookId, HeldChoice choice)
    {
        Guid floor = Ids.Floor(choice.Since ?? DateTimeOffset.UnixEpoch);
        IQueryable<Delivery> held = db.Deliveries.Where(d =>
            d.WebhookId == webhookId
            && d.Status == DeliveryStatus.Held
            // Always true for these, and the filter of the index, which SQLite uses only when the query states it.
            && d.Status > DeliveryStatus.Succeeded
            && d.Id.CompareTo(floor) >= 0
        );
        return choice.EventTypes.IsAll ? held : held.Where(RecoveryCount.Matches(choice.EventTypes));
    }
}
