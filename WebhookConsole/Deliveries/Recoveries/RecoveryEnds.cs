using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Completes or pauses a recovery that cannot go on, and says why.</summary>
public sealed class RecoveryEnds(UnitOfWork work, RecoveryChanges changes, AuditLog audit, TimeProvider clock)
{
    /// <summary>The first delivery has been attempted: the rest follows, or a person decides.</summary>
    public async Task OfProbeAsync(Recovery recovery)
    {
        if (recovery.Failed == 0)
        {
            await ChangeAsync(recovery, (_, r) => Task.FromResult(r.Probing = false));
            return;
        }

        await PauseAsync(
            recovery,
            async db =>
            {
                IQueryable<AttemptRow> failed =
                    from r in db.RecoveryResults
                    join a in db.Attempts on r.AttemptId equals a.Id
                    where r.RecoveryId == recovery.Id && !r.Succeeded
                    select a;
                string? diagnosis = await failed.Take(1).ReadAsync(db, CancellationToken.None) is [DeliveryAttempt attempt]
                    ? FailureTexts.Of(attempt)?.Diagnosis
                    : null;
                return $"The first delivery failed, so the rest were not sent. {diagnosis}".TrimEnd();
            }
        );
    }

    /// <summary>Nothing more can become due now.</summary>
    /// <param name="off">Webhooks that still have deliveries but take nothing now.</param>
    /// <param name="deleted">True when a webhook was deleted in the meantime.</param>
    public async Task Async(Recovery recovery, IReadOnlyList<DeliveryTarget> off, bool deleted)
    {
        if (off.Count > 0)
        {
            string names = string.Join(", ", off.Select(t => t.Name).Distinct(StringComparer.Ordinal));
            await PauseAsync(recovery, _ => Task.FromResult($"{names} cannot take deliveries now. {off[0].HeldReason} Turn it on, then resume."));
            return;
        }

        Recovery? completed = await ChangeAsync(
            recovery,
            (_, r) =>
            {
                r.Status = RecoveryStatus.Completed;
                r.CompletedAt = clock.GetUtcNow();
                r.StatusReason = deleted ? "A webhook was deleted in the meantime. What had not been sent to it stays failed." : r.StatusReason;
                return Task.CompletedTask;
            }
        );
        if (completed is not null)
        {
            await changes.StoppedAsync(completed);
        }
    }

    private async Task PauseAsync(Recovery recovery, Func<ConsoleDbContext, Task<string>> reasonOf)
    {
        Recovery? paused = await ChangeAsync(
            recovery,
            async (db, r) =>
            {
                r.Status = RecoveryStatus.Paused;
                r.StatusReason = await reasonOf(db);
                audit.Add(db, Actor.System, AuditActions.RecoveryPaused, r.ProjectId, r.AuditTarget(), new { reason = r.StatusReason });
            }
        );
        if (paused is not null)
        {
            await changes.StoppedAsync(paused);
        }
    }

    // Null when a person was faster.
    private Task<Recovery?> ChangeAsync(Recovery recovery, Func<ConsoleDbContext, Recovery, Task> change) =>
        work.RunAsync(async db =>
        {
            Recovery? stored = await db.Recoveries.SingleOrDefaultAsync(r => r.Id == recovery.Id && r.Status == RecoveryStatus.Running);
            if (stored is not null)
            {
                await change(db, stored);
            }

            return stored;
        });
}
