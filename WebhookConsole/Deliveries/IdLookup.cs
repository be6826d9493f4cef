using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Deliveries;

/// <summary>What an id belongs to.</summary>
public enum FoundKind
{
    Webhook = 0,
    Delivery = 1,
    Event = 2,

    /// <summary>The request of one attempt; <see cref="FoundId.Id"/> is its delivery.</summary>
    Attempt = 3,
}

/// <param name="Title">Name of the webhook, type of the event.</param>
public sealed record FoundId(FoundKind Kind, Guid Id, Guid ProjectId, string Title);

/// <summary>
/// Tells what an id or its beginning belongs to: webhook, delivery, event, request, or the id that a client gave its event. Every look-up is by
/// key (<see cref="IdMatches"/>).
/// </summary>
public sealed class IdLookup(IDbContextFactory<ConsoleDbContext> contexts)
{
    /// <summary>Whoever sees so many of one kind types more of the id.</summary>
    public const int MaxOfKind = 5;

    // Rows of other people's projects are dropped from these.
    private const int MaxRead = 200;

    // The longest client id is 128 characters.
    private const int MaxLength = 128;

    /// <summary>What begins with this text: first in the current project, then in others, the newest first.</summary>
    /// <param name="current">The project in which client ids are looked up; they are unique in one project only.</param>
    [OpenTo(Audience.SignedIn, "finds only what the actor may see in their own projects")]
    public async Task<IReadOnlyList<FoundId>> FindAsync(Actor actor, string text, Guid? current, CancellationToken cancellationToken)
    {
        string wanted = text.Trim();
        if (wanted.Length is 0 or > MaxLength)
        {
            return [];
        }

        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<FoundId> found = [];
        if (DeliverySearch.TryRead(wanted, out DeliverySearch? search, out _) && search is IdSearch id)
        {
            await AddAsync(id.In(db.Webhooks).Select(w => new FoundId(FoundKind.Webhook, w.Id, w.ProjectId, w.Name)));
            await AddAsync(id.In(db.Deliveries).Select(d => new FoundId(FoundKind.Delivery, d.Id, d.ProjectId, d.EventType)));
            await AddAsync(id.In(db.Events)?.Select(e => new FoundId(FoundKind.Event, e.Id, e.ProjectId, e.Type)));
            await AddAsync(
                from a in id.In(db.Attempts)
                join d in db.Deliveries on a.DeliveryId equals d.Id
                orderby a.Id descending
                select new FoundId(FoundKind.Attempt, d.Id, d.ProjectId, d.EventType)
            );
        }

        if (current is { } projectId)
        {
            await AddAsync(IdMatches.OfClient(db, projectId, wanted).Select(e => new FoundId(FoundKind.Event, e.Id, e.ProjectId, e.Type)));
        }

        return [.. found.Distinct()];

        async Task AddAsync(IQueryable<FoundId>? rows)
        {
            List<FoundId> read = rows is null ? [] : await rows.Take(MaxRead).ToListAsync(cancellationToken);
            found.AddRange(read.Where(f => MaySee(actor, f)).OrderByDescending(f => f.ProjectId == current).Take(MaxOfKind));
        }
    }

    private static bool MaySee(Actor actor, FoundId found) =>
        AccessPolicy.May(actor, found.Kind == FoundKind.Webhook ? Permission.ViewWebhooks : Permission.ViewDeliveries, found.ProjectId);
}
