using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Writes the rows of a new recovery and its audit entry, in the transaction of the caller.</summary>
public sealed class RecoveryRows(AuditLog audit, TimeProvider clock)
{
    /// <param name="request">An open end means everything that exists now, up to and including this millisecond.</param>
    /// <param name="total">How many deliveries match.</param>
    /// <param name="sending">The webhooks that take part.</param>
    /// <param name="off">Names of webhooks that would take part but are not active.</param>
    public async Task<Recovery> AddAsync(
        ConsoleDbContext db,
        Actor actor,
        Guid projectId,
        RecoveryRequest request,
        int total,
        IReadOnlyList<Guid> sending,
        IReadOnlyList<string> off
    )
    {
        DateTimeOffset now = clock.GetUtcNow();
        Recovery recovery = new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            WebhookId = request.WebhookId,
            Since = request.Since,
            Until = request.Until ?? now.AddMilliseconds(1),
            TakesFailed = request.Statuses.Contains(DeliveryStatus.Failed),
            TakesHeld = request.Statuses.Contains(DeliveryStatus.Held),
            EventTypes = request.EventTypes,
            Selected = request.DeliveryIds.Count == 0 ? null : string.Join(' ', request.DeliveryIds.Distinct()),
            PerSecond = request.PerSecond,
            ProbeFirst = request.ProbeFirst,
            Probing = request.ProbeFirst,
            StatusReason = off.Count == 0 ? null : $"Left out because they are disabled or unverified: {string.Join(", ", off)}.",
            Total = total,
            StartedBy = actor.Name,
            CreatedAt = now,
        };
        db.Recoveries.Add(recovery);
        db.RecoveryParts.AddRange(sending.SelectMany(webhookId => request.Statuses.Select(status => PartOf(recovery, webhookId, status))));
        string? webhook = await db.Webhooks.Where(w => w.Id == request.WebhookId).Select(w => w.Name).SingleOrDefaultAsync();
        audit.Add(
            db,
            actor,
            AuditActions.DeliveriesRecovered,
            projectId,
            recovery.AuditTarget(),
            new
            {
                webhook,
                deliveries = recovery.Total,
                statuses = string.Join(", ", request.Statuses.Select(s => s.ToString().ToLowerInvariant())),
                since = recovery.Since,
                until = recovery.Until,
                eventTypes = recovery.EventTypes.IsAll ? null : recovery.EventTypes.ToString(),
                selected = request.DeliveryIds.Count == 0 ? (int?)null : request.DeliveryIds.Count,
                perSecond = recovery.PerSecond,
                probeFirst = recovery.ProbeFirst,
            }
        );
        return recovery;
    }

    private static RecoveryPart PartOf(Recovery recovery, Guid webhookId, DeliveryStatus status) =>
        new()
        {
            RecoveryId = recovery.Id,
            WebhookId = webhookId,
            Status = status,
        };
}
