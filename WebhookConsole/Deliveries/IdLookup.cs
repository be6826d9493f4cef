using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
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

/// <summary>Tells what a pasted id belongs to: webhook, delivery, event, request, or the id that a client gave its event. Every look-up is by key.</summary>
public sealed class IdLookup(IDbContextFactory<ConsoleDbContext> contexts)
{
    // The longest client id is 128 characters.
    private const int MaxLength = 128;

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
        if (Guid.TryParse(wanted, out Guid id))
        {
            found.AddRange(
                await db.Webhooks.Where(w => w.Id == id).Select(w => new FoundId(FoundKind.Webhook, w.Id, w.ProjectId, w.Name)).ToListAsync(cancellationToken)
            );
            found.AddRange(
                await db
                    .Deliveries.Where(d => d.Id == id)
                    .Select(d => new FoundId(FoundKind.Delivery, d.Id, d.ProjectId, d.EventType))
                    .ToListAsync(cancellationToken)
            );
            found.AddRange(
                await db.Events.Where(e => e.Id == id).Select(e => new FoundId(FoundKind.Event, e.Id, e.ProjectId, e.Type)).ToListAsync(cancellationToken)
            );
            found.AddRange(
                await (
                    from a in db.Attempts
                    join d in db.Deliveries on a.DeliveryId equals d.Id
                    where a.Id == id
                    select new FoundId(FoundKind.Attempt, d.Id, d.ProjectId, d.EventType)
                ).ToListAsync(cancellationToken)
            );
        }

        if (current is { } projectId)
        {
            found.AddRange(
                await db
                    .Events.Where(e => e.ProjectId == projectId && e.ClientId == wanted)
                    .Select(e => new FoundId(FoundKind.Event, e.Id, e.ProjectId, e.Type))
                    .ToListAsync(cancellationToken)
            );
        }

        return [.. found.Where(f => MaySee(actor, f)).Distinct()];
    }

    private static bool MaySee(Actor actor, FoundId found) =>
        AccessPolicy.May(actor, found.Kind == FoundKind.Webhook ? Permission.ViewWebhooks : Permission.ViewDeliveries, found.ProjectId);
}
