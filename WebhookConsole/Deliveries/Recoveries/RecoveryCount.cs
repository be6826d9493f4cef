using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries.Recoveries;

/// <param name="Status">Failed or held.</param>
public sealed record RecoverableGroup(Guid WebhookId, DeliveryStatus Status, string EventType, int Count);

/// <summary>What a request matches now.</summary>
/// <param name="Groups">By webhook, status and event type.</param>
/// <param name="More">True when there are more than were counted.</param>
/// <param name="Off">Names of webhooks that would take part but are not active: nothing can be sent to them.</param>
/// <param name="Sending">The active webhooks that would take part.</param>
public sealed record RecoveryEstimate(IReadOnlyList<RecoverableGroup> Groups, bool More, IReadOnlyList<string> Off, IReadOnlyList<Guid> Sending)
{
    public int Total => Groups.Sum(g => g.Count);
}

/// <summary>Counts what a recovery would send. It reads the index of stopped deliveries; what was delivered is not looked at.</summary>
public sealed class RecoveryCount(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    /// <summary>How far a dialog counts, for each webhook and status.</summary>
    public const int Glance = 100_000;

    /// <param name="atMost">How far to count for each webhook and status.</param>
    /// <exception cref="RuleException">Invalid; NotFound: no such webhook.</exception>
    [Requires(Permission.ReplayDeliveries)]
    public async Task<RecoveryEstimate> CountAsync(
        Actor actor,
        Guid projectId,
        RecoveryRequest request,
        CancellationToken cancellationToken,
        int atMost = int.MaxValue
    )
    {
        AccessPolicy.Demand(actor, Permission.ReplayDeliveries, projectId);
        request.Check();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Webhook> webhooks = await db
            .Webhooks.AsNoTracking()
            .Where(w => w.ProjectId == projectId && w.DeletedAt == null && (request.WebhookId == null || w.Id == request.WebhookId))
            .OrderBy(w => w.Name)
            .ToListAsync(cancellationToken);
        if (request.WebhookId is not null && webhooks.Count == 0)
        {
            throw RuleException.NotFound("webhook");
        }

        List<RecoverableGroup> groups = [];
        List<string> off = [];
        List<Guid> sending = [];
        bool more = false;
        foreach (Webhook webhook in webhooks)
        {
            bool active = webhook.State == WebhookState.Active;
            bool counts = active || request.WebhookId is not null;
            int matched = 0;
            foreach (DeliveryStatus status in request.Statuses)
            {
                List<RecoverableGroup> found = await CountAsync(db, webhook.Id, status, request, counts ? atMost : 1, cancellationToken);
                int count = found.Sum(g => g.Count);
                matched += count;
                more |= counts && count == atMost;
                groups.AddRange(counts ? found : []);
            }

            if (active)
            {
                sending.Add(webhook.Id);
            }
            else if (matched > 0 || request.WebhookId is not null)
            {
                off.Add(webhook.Name);
            }
        }

        return new RecoveryEstimate(groups, more, off, sending);
    }

    private async Task<List<RecoverableGroup>> CountAsync(
        ConsoleDbContext db,
        Guid webhookId,
        DeliveryStatus status,
        RecoveryRequest request,
        int atMost,
        CancellationToken cancellationToken
    )
    {
        Guid since = Ids.Floor(request.Since ?? DateTimeOffset.UnixEpoch);
        Guid until = Ids.Floor(request.Until ?? clock.GetUtcNow().AddMilliseconds(1));

        // The status is a constant in the statement and its second condition is the filter of the index: SQLite uses it only then.
        IQueryable<Delivery> deliveries =
            status == DeliveryStatus.Held
                ? db.Deliveries.Where(d => d.WebhookId == webhookId && d.Status == DeliveryStatus.Held && d.Status > DeliveryStatus.Succeeded)
                : db.Deliveries.Where(d => d.WebhookId == webhookId && d.Status == DeliveryStatus.Failed && d.Status > DeliveryStatus.Succeeded);
        deliveries = request.DeliveryIds is { Count: > 0 } ids
            ? deliveries.Where(d => ids.Contains(d.Id))
            : deliveries.Where(d => d.Id.CompareTo(since) >= 0 && d.Id.CompareTo(until) < 0);
        if (!request.EventTypes.IsAll)
        {
            deliveries = deliveries.Where(Matches(request.EventTypes));
        }

        var found = await deliveries
            .Where(d => !d.Test)
            .Take(atMost)
            .GroupBy(d => d.EventType)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return found.ConvertAll(g => new RecoverableGroup(webhookId, status, g.Key, g.Count));
    }

    /// <summary>One condition for each pattern, joined with "or".</summary>
    internal static Expression<Func<Delivery, bool>> Matches(EventFilter filter)
    {
        ParameterExpression delivery = Expression.Parameter(typeof(Delivery));
        MemberExpression type = Expression.Property(delivery, nameof(Delivery.EventType));
        Expression any = filter
            .Patterns.Select(p =>
                p.EndsWith('*')
                    ? (Expression)Expression.Call(type, nameof(string.StartsWith), null, Expression.Constant(p[..^1]))
                    : Expression.Equal(type, Expression.Constant(p))
            )
            .Aggregate(Expression.OrElse);
        return Expression.Lambda<Func<Delivery, bool>>(any, delivery);
    }
}
