using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>Figures over time for charts and the API. They come from counters that the writer keeps; the history is never counted.</summary>
public sealed class StatsQueries(DeliveryStore store, IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    /// <summary>All webhooks of a project together, deleted ones as well.</summary>
    [Requires(Permission.ViewWebhooks)]
    public Task<StatsSeries> OfProjectAsync(Actor actor, Guid projectId, StatsWindow window, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        return ReadAsync(projectId, project: true, window, cancellationToken);
    }

    /// <summary>One webhook, deleted or not.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewWebhooks)]
    public async Task<StatsSeries> OfWebhookAsync(Actor actor, Guid projectId, Guid webhookId, StatsWindow window, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await DemandWebhookAsync(projectId, webhookId, cancellationToken);
        return await ReadAsync(webhookId, project: false, window, cancellationToken);
    }

    /// <summary>What is waiting at a webhook now.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewWebhooks)]
    public async Task<QueueDepth> QueueAsync(Actor actor, Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await DemandWebhookAsync(projectId, webhookId, cancellationToken);
        int waiting = store.CountWaiting(webhookId, BacklogSampler.Limit);
        return new QueueDepth(waiting, store.NextDue(webhookId) is { } due && due <= clock.GetUtcNow() ? due : null);
    }

    private async Task DemandWebhookAsync(Guid projectId, Guid webhookId, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Webhooks.AnyAsync(w => w.Id == webhookId && w.ProjectId == projectId, cancellationToken))
        {
            throw RuleException.NotFound("webhook");
        }
    }

    // The store's reads block, and a month of a busy project takes tens of milliseconds.
    private async Task<StatsSeries> ReadAsync(Guid id, bool project, StatsWindow window, CancellationToken cancellationToken)
    {
        List<BucketCounts> counts = await Task.Run(() => store.ReadStats(id, project, window.First, window.Length, window.End), cancellationToken);
        Dictionary<int, BucketCounts> byIndex = counts.ToDictionary(c => c.Index);
        BucketCounts none = new(0, 0, 0, [], 0);
        return new StatsSeries(
            [.. Enumerable.Range(0, window.Count).Select(i => ToBucket(byIndex.GetValueOrDefault(i, none), window.StartOf(i), window.StartOf(i + 1)))],
            ToBucket(TotalOf(counts), window.StartOf(0), window.StartOf(window.Count))
        );
    }

    private static BucketCounts TotalOf(List<BucketCounts> counts)
    {
        long[] latencies = new long[LatencyScale.Count];
        foreach (BucketCounts bucket in counts)
        {
            for (int i = 0; i < latencies.Length; i++)
            {
                latencies[i] += bucket.Latencies[i];
            }
        }

        return new BucketCounts(0, counts.Sum(c => c.Succeeded), counts.Sum(c => c.Failed), latencies, counts.Select(c => c.Backlog).DefaultIfEmpty().Max());
    }

    private static StatsBucket ToBucket(BucketCounts counts, DateTimeOffset from, DateTimeOffset until) =>
        new(
            from,
            until,
            counts.Succeeded,
            counts.Failed,
            LatencyScale.Percentile(counts.Latencies, 0.5),
            LatencyScale.Percentile(counts.Latencies, 0.95),
            counts.Backlog
        );
}
