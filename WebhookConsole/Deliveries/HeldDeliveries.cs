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

/// <summary>What to do with deliveries that were held while a webhook was off: send or discard (specification §7).</summary>
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
        return await db.Deliveries.CountAsync(
            d => d.ProjectId == projectId && d.WebhookId == webhookId && d.Status == DeliveryStatus.Held && d.Status > DeliveryStatus.Succeeded,
            cancellationToken
        );
    }

    /// <summary>Makes them due now.</summary>
    /// <returns>How many.</returns>
    [Requires(Permission.ManageWebhooks)]
    public Task<int> ReleaseAsync(Actor actor, Guid projectId, Guid webhookId) =>
        MoveAsync(actor, projectId, webhookId, DeliveryMove.Release, AuditActions.HeldReleased, null);

    /// <summary>Cancels them; they stay in the history.</summary>
    /// <returns>How many.</returns>
    [Requires(Permission.ManageWebhooks)]
    public Task<int> DiscardAsync(Actor actor, Guid projectId, Guid webhookId) =>
        MoveAsync(
            actor,
            projectId,
            webhookId,
            DeliveryMove.Discard,
            AuditActions.HeldDiscarded,
            $"Discarded by {actor.Name} after the webhook was enabled again."
        );

    private async Task<int> MoveAsync(Actor actor, Guid projectId, Guid webhookId, DeliveryMove move, string action, string? reason)
    {
        AccessPolicy.Demand(actor, Permission.ManageWebhooks, projectId);
        string name;
        await using (ConsoleDbContext db = await contexts.CreateDbContextAsync())
        {
            name =
                await db.Webhooks.Where(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null).Select(w => w.Name).SingleOrDefaultAsync()
                ?? throw RuleException.NotFound("webhook");
        }

        // The entry comes before the move, which goes in pages: a crash in between leaves an entry for what was begun, never a move without one.
        int held = await CountAsync(actor, projectId, webhookId, CancellationToken.None);
        await audit.WriteAsync(actor, action, projectId, new AuditTarget("webhook", webhookId, name), new { deliveries = held });
        int moved = await store.MoveAsync(webhookId, move, reason, clock.GetUtcNow());
        await lanes.WakeAsync(webhookId);
        feed.Publish(new ChangeNotice(projectId, ChangeKind.Deliveries, webhookId));
        return moved;
    }
}
