using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Starts, pauses, resumes and cancels recoveries (specification §8). <see cref="RecoveryRunner"/> does the work.</summary>
public sealed class RecoveryService(
    UnitOfWork work,
    RecoveryCount counts,
    RecoveryRows rows,
    RecoveryChanges changes,
    WebhookService webhooks,
    WebhookDirectory directory,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>Starts a recovery of what matches now.</summary>
    /// <param name="turnOn">True to turn the webhook of the request on in the same transaction.</param>
    /// <exception cref="RuleException">
    /// Invalid fields; NotFound; Conflict <c>webhook_not_active</c> when the webhook takes nothing, or <c>nothing_to_recover</c>.
    /// </exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<Recovery> StartAsync(Actor actor, Guid projectId, RecoveryRequest request, bool turnOn = false)
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
        if (request.WebhookId is not null && estimate.Sending.Count == 0 && !turnOn)
        {
            throw RuleException.Conflict("webhook_not_active", $"{estimate.Off[0]} is disabled or unverified, so nothing can be sent to it. Turn it on first.");
        }

        if (estimate.Total == 0)
        {
            throw RuleException.Conflict("nothing_to_recover", "No delivery matches, so there is nothing to recover. Choose a longer range or other statuses.");
        }

        Guid? turnedOn = turnOn ? request.WebhookId : null;
        Recovery recovery = await work.RunAsync(async db =>
        {
            if (turnedOn is not { } id)
            {
                return await rows.AddAsync(db, actor, projectId, request, estimate.Total, estimate.Sending, estimate.Off);
            }

            await webhooks.TurnOnAsync(db, actor, projectId, id);
            return await rows.AddAsync(db, actor, projectId, request, estimate.Total, [id], []);
        });
        if (turnedOn is { } webhookId)
        {
            directory.Invalidate(projectId, webhookId);
        }

        await changes.StartedAsync(recovery);
        return recovery;
    }

    /// <summary>Stops sending; what is in flight is finished. Does nothing when it is paused already.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>recovery_over</c>.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public Task<Recovery> PauseAsync(Actor actor, Guid projectId, Guid recoveryId) =>
        StopAsync(actor, projectId, recoveryId, RecoveryStatus.Paused, AuditActions.RecoveryPaused);

    /// <summary>Ends it for good; what was not attempted stays failed or held.</summary>
    /// <exception cref="RuleException">NotFound; Conflict <c>recovery_over</c>.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public Task<Recovery> CancelAsync(Actor actor, Guid projectId, Guid recoveryId) =>
        StopAsync(actor, projectId, recoveryId, RecoveryStatus.Cancelled, AuditActions.RecoveryCancelled);

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

    private async Task<Recovery> StopAsync(Actor actor, Guid projectId, Guid recoveryId, RecoveryStatus status, string action)
    {
        Recovery recovery = await ChangeAsync(
            actor,
            projectId,
            recoveryId,
            status,
            action,
            (_, r) =>
            {
                r.StatusReason = $"{status} by {actor.Name}.";
                r.CompletedAt = r.IsOver ? clock.GetUtcNow() : null;
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
}
