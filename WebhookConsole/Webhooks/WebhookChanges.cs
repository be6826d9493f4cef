using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Webhooks;

/// <summary>Changes a stored webhook for services that have already checked their rule: version, time, change of state and cached view.</summary>
public sealed class WebhookChanges(UnitOfWork work, WebhookDirectory directory, EngineMetrics metrics, TimeProvider clock)
{
    /// <summary>Runs a change in a transaction of its own.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    public async Task<Webhook> RunAsync(Guid projectId, Guid webhookId, int? expectedVersion, Func<ConsoleDbContext, Webhook, Task> change)
    {
        WebhookState before = default;
        Webhook changed = await work.RunAsync(db =>
            ApplyAsync(
                db,
                projectId,
                webhookId,
                expectedVersion,
                (context, webhook) =>
                {
                    before = webhook.State;
                    return change(context, webhook);
                }
            )
        );
        if (changed.State != before)
        {
            metrics.WebhookChangedTo(changed.State.ToString().ToLowerInvariant());
        }

        directory.Invalidate(projectId, webhookId);
        return changed;
    }

    /// <summary>Runs a change in the transaction of the caller, who calls <see cref="WebhookDirectory.Invalidate"/> after it.</summary>
    /// <param name="expectedVersion">The version that the change started from; null to change the latest one, whatever it is.</param>
    /// <exception cref="RuleException">NotFound; Conflict <c>stale_edit</c> with the stored webhook.</exception>
    public async Task<Webhook> ApplyAsync(
        ConsoleDbContext db,
        Guid projectId,
        Guid webhookId,
        int? expectedVersion,
        Func<ConsoleDbContext, Webhook, Task> change
    )
    {
        Webhook webhook =
            await db.Webhooks.SingleOrDefaultAsync(w => w.Id == webhookId && w.ProjectId == projectId && w.DeletedAt == null)
            ?? throw RuleException.NotFound("webhook");
        if (expectedVersion is { } expected && expected != webhook.Version)
        {
            RuleException stale = RuleException.Conflict(
                "stale_edit",
                "Somebody else has changed this webhook. Compare your values with the newer ones, then save again."
            );
            stale.Current = webhook;
            throw stale;
        }

        await change(db, webhook);
        if (db.ChangeTracker.HasChanges())
        {
            webhook.Version++;
            webhook.UpdatedAt = clock.GetUtcNow();
        }

        return webhook;
    }
}
