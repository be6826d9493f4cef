using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>Replay: one attempt now, with the webhook as it is now and the same event id (specification §8).</summary>
public sealed class ReplayService(WebhookDirectory directory, AttemptRunner runner, AuditLog audit, IDbContextFactory<ConsoleDbContext> contexts)
{
    /// <summary>A 2xx makes the delivery Succeeded; after a failure its status and plan stay as they were.</summary>
    /// <returns>The new attempt.</returns>
    /// <exception cref="RuleException">NotFound; Conflict <c>webhook_deleted</c>; Forbidden for operators while the webhook is disabled.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<AskedAttempt> ReplayAsync(Actor actor, Guid projectId, Guid deliveryId)
    {
        AccessPolicy.Demand(actor, Permission.ReplayDeliveries, projectId);
        Delivery delivery;
        WebhookEvent replayed;
        await using (ConsoleDbContext db = await contexts.CreateDbContextAsync())
        {
            delivery =
                await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Id == deliveryId && d.ProjectId == projectId)
                ?? throw RuleException.NotFound("delivery");
            replayed = await db.Events.AsNoTracking().SingleAsync(e => e.Id == delivery.EventId);
        }

        DeliveryTarget target =
            await directory.FindAsync(delivery.WebhookId)
            ?? throw RuleException.Conflict("webhook_deleted", "The webhook of this delivery was deleted: there is no address to send it to.");
        if (target.State is WebhookState.Disabled or WebhookState.Error)
        {
            AccessPolicy.Demand(actor, Permission.ReplayWhileDisabled, projectId);
        }

        return await runner.RunAsync(
            target,
            new DueDelivery(deliveryId, replayed.Id, replayed.Type, delivery.ScheduledAttempts, replayed.Payload) { PostedBy = replayed.TraceParent },
            AttemptTrigger.Replay,
            delivery.AttemptCount + 1,
            result => result with { Audit = Entry(actor, target, replayed.Type, result.Attempt) }
        );
    }

    private AuditEntry Entry(Actor actor, DeliveryTarget target, string eventType, DeliveryAttempt attempt) =>
        audit.NewEntry(
            actor,
            AuditActions.DeliveryReplayed,
            target.ProjectId,
            new AuditTarget("delivery", attempt.DeliveryId, eventType),
            new
            {
                webhook = target.Name,
                status = attempt.StatusCode,
                failure = attempt.FailureClass is { } failure ? FailureTexts.NameOf(failure) : null,
            }
        );
}
