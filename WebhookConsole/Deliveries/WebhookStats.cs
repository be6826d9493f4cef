using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <param name="Hours">24 entries, oldest first: attempts that succeeded and failed in that hour.</param>
/// <param name="Waiting">Pending and retrying deliveries, counted up to <see cref="WebhookStats.CountLimit"/>.</param>
/// <param name="Held">Held deliveries, counted up to the same limit.</param>
public sealed record WebhookActivity(WebhookHealth? Health, IReadOnlyList<(int Succeeded, int Failed)> Hours, int Waiting, int Held)
{
    /// <summary>The most deliveries that were waiting at one time in the quarter of an hour that began an hour ago.</summary>
    public int WaitedBefore { get; init; }
}

/// <summary>Figures of the last 24 hours for rows and cards. They come from counters that the writer keeps; the history is never counted.</summary>
public sealed class WebhookStats(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    public const int Hours = 24;
    public const int CountLimit = 10_000;
    private const int QuartersInHour = 4;

    /// <summary>The last 24 hours of every existing webhook of a project.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyDictionary<Guid, WebhookActivity>> OfProjectAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Guid> ids = await db.Webhooks.Where(w => w.ProjectId == projectId && w.DeletedAt == null).Select(w => w.Id).ToListAsync(cancellationToken);
        return await LoadAsync(db, ids, cancellationToken);
    }

    /// <summary>The last 24 hours of one webhook, deleted or not.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewWebhooks)]
    public async Task<WebhookActivity> OfWebhookAsync(Actor actor, Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Guid> ids = await db.Webhooks.Where(w => w.ProjectId == projectId && w.Id == webhookId).Select(w => w.Id).ToListAsync(cancellationToken);
        return (await LoadAsync(db, ids, cancellationToken)).GetValueOrDefault(webhookId) ?? throw RuleException.NotFound("webhook");
    }

    private async Task<Dictionary<Guid, WebhookActivity>> LoadAsync(ConsoleDbContext db, List<Guid> ids, CancellationToken cancellationToken)
    {
        long now = WebhookQuarter.Of(clock.GetUtcNow());
        long first = now / QuartersInHour - Hours + 1;
        long before = now - QuartersInHour;
        Dictionary<Guid, WebhookHealth> health = await db
            .WebhookHealth.AsNoTracking()
            .Where(h => ids.Contains(h.WebhookId))
            .ToDictionaryAsync(h => h.WebhookId, cancellationToken);
        var hours = (
            await db
                .WebhookQuarters.Where(q => ids.Contains(q.WebhookId) && q.Quarter >= first * QuartersInHour)
                .GroupBy(q => new { q.WebhookId, Hour = q.Quarter / QuartersInHour })
                .Select(g => new
                {
                    g.Key.WebhookId,
                    g.Key.Hour,
                    Succeeded = g.Sum(q => q.Succeeded),
                    Failed = g.Sum(q => q.Failed),
                    Backlog = g.Max(q => q.Quarter == before ? q.Backlog : 0),
                })
                .ToListAsync(cancellationToken)
        ).ToLookup(h => h.WebhookId);
        Dictionary<Guid, WebhookActivity> activity = [];
        foreach (Guid id in ids)
        {
            var byHour = hours[id].ToDictionary(h => h.Hour);
            activity[id] = new WebhookActivity(
                health.GetValueOrDefault(id),
                Enumerable.Range(0, Hours).Select(i => byHour.TryGetValue(first + i, out var h) ? (h.Succeeded, h.Failed) : (0, 0)).ToArray(),
                await db
                    .Deliveries.Where(d =>
                        d.WebhookId == id && (d.Status == DeliveryStatus.Pending || d.Status == DeliveryStatus.Retrying) && d.NextAttemptAt != null
                    )
                    .Take(CountLimit)
                    .CountAsync(cancellationToken),
                // The second condition is the filter of the index, which SQLite uses only when the query states it.
                await db
                    .Deliveries.Where(d => d.WebhookId == id && d.Status == DeliveryStatus.Held && d.Status > DeliveryStatus.Succeeded)
                    .Take(CountLimit)
                    .CountAsync(cancellationToken)
            )
            {
                WaitedBefore = hours[id].Select(h => h.Backlog).DefaultIfEmpty().Max(),
            };
        }

        return activity;
    }
}
