using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>What a search text stands for: certain deliveries, a type, a condition on payloads, or nothing.</summary>
/// <param name="As">How the text was understood.</param>
/// <param name="Deliveries">The newest first; null when the search is no list of ids.</param>
/// <param name="EventType">Set when the text is a type.</param>
/// <param name="Payload">Set when the payloads are to be read.</param>
/// <param name="TooMany">True when more ids begin like this than were read.</param>
internal sealed record SearchTargets(SearchedAs As, IReadOnlyList<Guid>? Deliveries, string? EventType, PayloadCondition? Payload, bool TooMany)
{
    // Eight characters of an id stand for a minute; nobody reads more rows than this.
    private const int MaxIds = 1000;

    /// <param name="mayReadPayloads">True with a time range.</param>
    public static async Task<SearchTargets> FindAsync(
        ConsoleDbContext db,
        Guid projectId,
        DeliverySearch search,
        bool mayReadPayloads,
        CancellationToken cancellationToken
    )
    {
        switch (search)
        {
            case IdSearch ids:
                return await FindIdsAsync(db, projectId, ids, cancellationToken);
            case WordSearch word:
                (IReadOnlyList<Guid> ofClient, bool tooMany) = await FindClientAsync(db, projectId, word.Text, cancellationToken);
                return ofClient.Count > 0 ? new SearchTargets(SearchedAs.ClientIds, ofClient, null, null, tooMany)
                    : await db.EventTypes.AnyAsync(t => t.ProjectId == projectId && t.Name == word.Text, cancellationToken)
                        ? new SearchTargets(SearchedAs.EventType, null, word.Text, null, false)
                    : mayReadPayloads ? new SearchTargets(SearchedAs.Payload, null, null, new PayloadText(word.Text), false)
                    : new SearchTargets(SearchedAs.Words, [], null, null, false);
            case PayloadSearch payload:
                return new SearchTargets(SearchedAs.Payload, null, null, payload.Condition, false);
            default:
                throw new ArgumentOutOfRangeException(nameof(search), search, null);
        }
    }

    private static async Task<SearchTargets> FindIdsAsync(ConsoleDbContext db, Guid projectId, IdSearch search, CancellationToken cancellationToken)
    {
        List<Guid> found = await search
            .In(db.DeliveriesBy(HistoryIndex.Project).Where(d => d.ProjectId == projectId))
            .Select(d => d.Id)
            .Take(MaxIds)
            .ToListAsync(cancellationToken);
        bool tooMany = found.Count == MaxIds;
        List<Guid> ofAttempts = await search.In(db.Attempts).Select(a => a.DeliveryId).Take(MaxIds).ToListAsync(cancellationToken);
        tooMany |= ofAttempts.Count == MaxIds;
        if (search.In(db.Events.Where(e => e.ProjectId == projectId)) is { } events)
        {
            found.AddRange(await OfEventsAsync(db, events, cancellationToken));
        }

        (IReadOnlyList<Guid> ofClient, bool more) = await FindClientAsync(db, projectId, search.Text, cancellationToken);
        return new SearchTargets(SearchedAs.Ids, Newest(found.Concat(ofAttempts).Concat(ofClient)), null, null, tooMany || more);
    }

    private static async Task<(IReadOnlyList<Guid> Deliveries, bool TooMany)> FindClientAsync(
        ConsoleDbContext db,
        Guid projectId,
        string text,
        CancellationToken cancellationToken
    )
    {
        List<Guid> found = await OfEventsAsync(db, IdMatches.OfClient(db, projectId, text), cancellationToken);
        return (Newest(found), found.Count == MaxIds);
    }

    private static Task<List<Guid>> OfEventsAsync(ConsoleDbContext db, IQueryable<WebhookEvent> events, CancellationToken cancellationToken) =>
        (from e in events.Take(MaxIds) join d in db.Deliveries on e.Id equals d.EventId select d.Id)
            .Take(MaxIds)
            .ToListAsync(cancellationToken);

    private static Guid[] Newest(IEnumerable<Guid> ids) => ids.Distinct().OrderByDescending(id => id).ToArray();
}
