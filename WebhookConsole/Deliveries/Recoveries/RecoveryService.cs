using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Starts, pauses, resumes and cancels recoveries (specification §8). <see cref="RecoveryRunner"/> does the work.</summary>
public sealed class RecoveryService(UnitOfWork work, RecoveryCount counts, RecoveryChanges changes, AuditLog audit, TimeProvider clock)
{
    /// <summary>Starts a recovery of what matches now.</summary>
    /// <exception cref="RuleException">
    /// Invalid fields; NotFound; Conflict <c>webhook_not_active</c> when the webhook takes nothing, or <c>nothing_to_recover</c>.
    /// </exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<Recovery> StartAsync(Actor actor, Guid projectId, RecoveryRequest request)
    {
        AccessPolicy.Demand(actor, Permission.ReplayDeliveries, projectId);
        request.Check();
        DateTimeOffset now = clock.GetUtcNow();

        // An open end means everything that exists now, up to and including this millisecond.
        request = request with
        {
            Until = request.Until is { } until && until <= now ? until : now.AddMilliseconds(1),
        };
        RecoveryEstimate estimate = await counts.CountAsync(actor, projectId, request, CancellationToken.None);
        if (request.WebhookId is not null && estimate.Sending.Count == 0)
        {
            throw RuleException.Conflict("webhook_not_active", $"{estimate.Off[0]} is disabled or unverified, so nothing can be sent to it. Turn it on first.");
        }

        if (estimate.Total == 0)
        {
            throw RuleException.Conflict("nothing_to_recover", "No delivery matches, so there is nothing to recover. Choose a longer range or other statuses.");
        }

        Recovery recovery = Make(actor, projectId, request, estimate, now);
        await work.RunAsync(async db =>
        {
            db.Recoveries.Add(recovery);
            foreach (Guid webhookId in estimate.Sending)
            {
                db.RecoveryParts.AddRange(request.Statuses.Select(s => PartOf(recovery, webhookId, s)));
            }

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
        });
        await changes.StartedAsync(recovery);
        return recovery;
    }

    /// <summary>Stops sending; what is in flight is finished. Does nothing when it is paused already.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>recovery_over</c>.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<Recovery> PauseAsync(Actor actor, Guid projectId, Guid recoveryId)
    {
        Recovery recovery = await ChangeAsync(
            actor,
            projectId,
            recoveryId,
            RecoveryStatus.Paused,
            AuditActions.RecoveryPaused,
            (_, r) =>
            {
                r.StatusReason = $"Paused by {actor.Name}.";
                return Task.CompletedTask;
            }
        );
        await changes.StoppedAsync(recovery);
        return recovery;
    }

    /// <summary>Goes on where it stopped, without another first delivery.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>recovery_over</c>.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<Recovery> ResumeAsync(Actor actor, Guid projectId, Guid recoveryId)
    {
        Recovery recovery = await ChangeAsync(
            actor,
            projectId,
            recoveryId,
            RecoveryStatus.Running,
            AuditActions.RecoveryResumed,
            async (db, r) =>
            {
                r.StatusReason = null;
                r.Probing = r.Probing && r.Attempted == 0;

                // What was given back lies behind the position.
                await db
                    .RecoveryParts.Where(p => p.RecoveryId == recoveryId)
                    .ExecuteUpdateAsync(p => p.SetProperty(x => x.Position, Guid.Empty).SetProperty(x => x.Found, false).SetProperty(x => x.Done, false));
            }
        );
        await changes.StartedAsync(recovery);
        return recovery;
    }

    /// <summary>Ends it for good; what was not attempted stays failed or held.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>recovery_over</c>.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<Recovery> CancelAsync(Actor actor, Guid projectId, Guid recoveryId)
    {
        Recovery recovery = await ChangeAsync(
            actor,
            projectId,
            recoveryId,
            RecoveryStatus.Cancelled,
            AuditActions.RecoveryCancelled,
            (_, r) =>
            {
                r.StatusReason = $"Cancelled by {actor.Name}.";
                r.CompletedAt = clock.GetUtcNow();
                return Task.CompletedTask;
            }
        );
        await changes.StoppedAsync(recovery);
        return recovery;
    }

    private async Task<Recovery> ChangeAsync(
        Actor actor,
        Guid projectId,
        Guid recoveryId,
        RecoveryStatus status,
        string action,
        Func<ConsoleDbContext, Recovery, Task> change
    )
    {
        AccessPolicy.Demand(actor, Permission.ReplayDeliveries, projectId);
        return await work.RunAsync(async db =>
        {
            Recovery recovery =
                await db.Recoveries.SingleOrDefaultAsync(r => r.Id == recoveryId && r.ProjectId == projectId) ?? throw RuleException.NotFound("recovery");
            if (recovery.Status == status)
            {
                return recovery;
            }

            if (recovery.IsOver)
            {
                throw RuleException.Conflict("recovery_over", $"This recovery is {recovery.Status.ToString().ToLowerInvariant()}. Start another one.");
            }

            recovery.Status = status;
            await change(db, recovery);
            audit.Add(db, actor, action, projectId, recovery.AuditTarget(), new { attempted = recovery.Attempted, total = recovery.Total });
            return recovery;
        });
    }

    private static Recovery Make(Actor actor, Guid projectId, RecoveryRequest request, RecoveryEstimate estimate, DateTimeOffset now) =>
        new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            WebhookId = request.WebhookId,
            Since = request.Since,
            Until = request.Until!.Value,
            TakesFailed = request.Statuses.Contains(DeliveryStatus.Failed),
            TakesHeld = request.Statuses.Contains(DeliveryStatus.Held),
            EventTypes = request.EventTypes,
            Selected = request.DeliveryIds.Count == 0 ? null : string.Join(' ', request.DeliveryIds.Distinct()),
            PerSecond = request.PerSecond,
            ProbeFirst = request.ProbeFirst,
            Probing = request.ProbeFirst,
            StatusReason = estimate.Off.Count == 0 ? null : $"Left out because they are disabled or unverified: {string.Join(", ", estimate.Off)}.",
            Total = estimate.Total,
            StartedBy = actor.Name,
            CreatedAt = now,
        };

    private static RecoveryPart PartOf(Recovery recovery, Guid webhookId, DeliveryStatus status) =>
        new()
        {
            RecoveryId = recovery.Id,
            WebhookId = webhookId,
            Status = status,
        };
}
