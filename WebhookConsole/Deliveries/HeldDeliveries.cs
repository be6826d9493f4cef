using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Live;

namespace WebhookConsole.Deliveries;

/// <summary>What to do with deliveries that were held while a webhook was disabled: send or discard (specification §7).</summary>
public sealed class HeldDeliveries(
    DeliveryStore store,
    LaneRegistry lanes,
    ChangeFeed feed,
    AuditLog audit,
    IDbContextFactory<ConsoleDbContext> contexts,
    TimeProvider clock
)
{
    [Requires(Permission.ViewDeliveries)]
    public async Task<int> CountAsync(Actor actor, Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await HeldOf(db, projectId, webhookId, null).CountAsync(cancellationToken);
    }

    /// <summary>Makes them due now.</summary>
    /// <param name="since">Only those made since then; null for all.</param>
    /// <returns>How many.</returns>
    /// <exception cref="RuleException">Conflict <c>webhook_not_active</c>: anything sent now would be held again.</exception>
    [Requires(Permission.ManageWebhooks)]
    public Task<int> ReleaseAsync(Actor actor, Guid projectId, Guid webhookId, DateTimeOffset? since) =>
        MoveAsync(actor, projectId, webhookId, DeliveryMove.Release, AuditActions.HeldReleased, null, since);

    /// <summary>Cancels them; they stay in the history.</summary>
    /// <param name="since">Only those made since then; null for all.</param>
    /// <returns>How many.</returns>
    [Requires(Permission.ManageWebhooks)]
    public Task<int> DiscardAsync(Actor actor, Guid projectId, Guid webhookId, DateTimeOffset? since) =>
        MoveAsync(actor, projectId, webhookId, DeliveryMove.Discard, AuditActions.HeldDiscarded, $"Discarded by {actor.Name}.", since);

    private static IQueryable<Delivery> HeldOf(ConsoleDbContext db, Guid projectId, Guid webhookId, DateTimeOffset? since)
    {
        Guid floor = Ids.Floor(since ?? DateTimeOffset.UnixEpoch);
        return db.Deliveries.Where(d =>
            d.ProjectId == projectId
            && d.WebhookId == webhookId
            && d.Status == DeliveryStatus.Held
            // Always true for these, and the filter of the index, which SQLite uses only when the query states it.
            && d.Status > DeliveryStatus.Succeeded
            && d.Id.CompareTo(floor) >= 0
        );
    }

    private async Task<int> MoveAsync(Actor actor, Guid projectId, Guid webhookId, DeliveryMove move, string action, string? reason, DateTimeOffset? since)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        await using (ConsoleDbContext db = await contexts.CreateDbContextAsync())
        {
            Webhook webhook =
                await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null)
                ?? throw RuleException.NotFound("webhook");
            if (move == DeliveryMove.Release && webhook.State != WebhookState.Active)
            {
                throw RuleException.Conflict("webhook_not_active", "This webhook is disabled or unverified, so its deliveries are held. Turn it on first.");
            }

            // The entry comes before the move, which works in pages: after a crash, no move is without an entry.
            int held = await HeldOf(db, projectId, webhookId, since).CountAsync();
            await audit.WriteAsync(actor, action, projectId, new AuditTarget("webhook", webhookId, webhook.Name), new { deliveries = held, since });
        }

        int moved = await store.MoveAsync(webhookId, move, reason, clock.GetUtcNow(), since);
        await lanes.WakeAsync(webhookId);
        feed.Publish(new ChangeNotice(projectId, ChangeKind.Deliveries, webhookId));
        return moved;
    }
}
