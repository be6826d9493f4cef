using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>Everything that the console shows about one delivery.</summary>
public sealed record DeliveryDetail(Delivery Delivery, Webhook Webhook, WebhookEvent Event, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>Reads the history (specification §8). It pages by key: ids are in order of time, so nothing is counted or skipped.</summary>
public sealed class DeliveryQueries(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    public const int MaxPage = 200;

    // Beyond that, rows beside another one are too far away to matter.
    private const int MaxBeside = 20_000;

    private const int MaxPending = 1000;

    /// <summary>One page, newest first.</summary>
    /// <exception cref="RuleException">Invalid limit or time range, or a cursor of another list.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<DeliveryPage> ListAsync(
        Actor actor,
        Guid projectId,
        DeliveryFilter filter,
        string? cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        if (limit is < 1 or > MaxPage)
        {
            throw RuleException.Invalid("limit", $"'limit' must be a whole number between 1 and {MaxPage}.");
        }

        if (filter.Since > filter.Until)
        {
            throw RuleException.Invalid("since", "'since' is later than 'until'.");
        }

        string list = NameOf(projectId, filter);
        Guid? before =
            cursor is null ? null
            : Cursor.TryRead(cursor, list, out Guid last, out string? error) ? last
            : throw RuleException.Invalid("cursor", error);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        SearchTargets? targets = await TargetsAsync(db, projectId, filter, cancellationToken);
        if (ScopeOf(projectId, filter, targets) is not { } scope)
        {
            return new DeliveryPage([], null) { SearchedAs = targets!.As };
        }

        HistoryWalk walk = new(db, scope, clock);
        HistoryStep step =
            targets?.Deliveries is { } ids ? new HistoryStep(await PickAsync(db, walk, scope, ids, before, limit + 1, cancellationToken), 0, null)
            : filter.Status == DeliveryStatus.Pending && await PendingAsync(db, projectId, cancellationToken) is { } pending
                ? new HistoryStep(await PageAsync(walk, scope, pending, before, limit + 1, cancellationToken), 0, null)
            : await walk.StepAsync(before, limit + 1, targets?.Payload, cancellationToken);
        Guid? end = step.Rows.Count > limit ? step.Rows[limit - 1].Delivery.Id : step.End;
        return new DeliveryPage(step.Rows.Count > limit ? step.Rows[..limit] : step.Rows, end is { } id ? Cursor.Write(list, id) : null)
        {
            SearchedAs = targets?.As ?? SearchedAs.Nothing,
            Searched = step.Searched,
            SearchedTo = step.Rows.Count <= limit && step.End is { } stopped ? Ids.TimeOf(stopped) : null,
            TooManyIds = targets?.TooMany ?? false,
        };
    }

    /// <summary>What is wrong with the search of a filter, as a sentence; null when nothing is.</summary>
    public static string? ProblemOf(DeliveryFilter filter) =>
        string.IsNullOrWhiteSpace(filter.Search) ? null
        : !DeliverySearch.TryRead(filter.Search, out DeliverySearch? search, out string? error) ? error
        : search is PayloadSearch && filter.Since is null ? "Choose a time range: a search in payloads reads every payload in it."
        : null;

    /// <summary>
    /// About how many deliveries a search has to look at, from the counters of the charts: attempts stand for deliveries, and tests are not in
    /// them.
    /// </summary>
    [Requires(Permission.ViewDeliveries)]
    public async Task<long> EstimateAsync(Actor actor, Guid projectId, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        long first = filter.Since is { } since ? WebhookQuarter.Of(since) : 0;
        long last = filter.Until is { } until ? WebhookQuarter.Of(until) : long.MaxValue;
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from w in db.Webhooks
            join q in db.WebhookQuarters on w.Id equals q.WebhookId
            where w.ProjectId == projectId && (filter.WebhookId == null || w.Id == filter.WebhookId) && q.Quarter >= first && q.Quarter <= last
            select (long)q.Succeeded + q.Failed
        ).SumAsync(cancellationToken);
    }

    /// <summary>How many deliveries are newer than <paramref name="newest"/>, counted up to <paramref name="atMost"/>.</summary>
    [Requires(Permission.ViewDeliveries)]
    public async Task<int> CountNewerAsync(Actor actor, Guid projectId, DeliveryFilter filter, Guid newest, int atMost, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await BesideAsync(db, projectId, filter, newest, newer: true, cancellationToken) is { } newer
            ? await newer.Take(atMost).CountAsync(cancellationToken)
            : 0;
    }

    /// <summary>The current state of the rows on a page.</summary>
    [Requires(Permission.ViewDeliveries)]
    public async Task<IReadOnlyList<Delivery>> RefreshAsync(Actor actor, Guid projectId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Deliveries.AsNoTracking().Where(d => d.ProjectId == projectId && ids.Contains(d.Id)).ToListAsync(cancellationToken);
    }

    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<DeliveryDetail> GetAsync(Actor actor, Guid projectId, Guid deliveryId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        var found =
            await (
                from d in db.Deliveries
                join w in db.Webhooks on d.WebhookId equals w.Id
                join e in db.Events on d.EventId equals e.Id
                where d.Id == deliveryId && d.ProjectId == projectId
                select new
                {
                    d,
                    w,
                    e,
                }
            )
                .AsNoTracking()
                .SingleOrDefaultAsync(cancellationToken)
            ?? throw RuleException.NotFound("delivery");
        List<DeliveryAttempt> attempts = await db.Attempts.Where(a => a.DeliveryId == deliveryId).OrderBy(a => a.Number).ReadAsync(db, cancellationToken);
        return new DeliveryDetail(found.d, found.w, found.e, attempts);
    }

    /// <summary>An event with its deliveries, newest first.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<(WebhookEvent Event, IReadOnlyList<Delivery> Deliveries)> GetEventAsync(
        Actor actor,
        Guid projectId,
        Guid eventId,
        CancellationToken cancellationToken
    )
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        WebhookEvent found =
            await db.Events.AsNoTracking().SingleOrDefaultAsync(e => e.Id == eventId && e.ProjectId == projectId, cancellationToken)
            ?? throw RuleException.NotFound("event");
        return (found, await db.Deliveries.AsNoTracking().Where(d => d.EventId == eventId).OrderByDescending(d => d.Id).ToListAsync(cancellationToken));
    }

    /// <summary>The list that a cursor belongs to.</summary>
    internal static string NameOf(Guid projectId, DeliveryFilter filter) => $"{projectId} {filter}";

    /// <summary>
    /// What a list has above or below a delivery, nearest first, looked for only so far that it is quick; null for a search in payloads, which
    /// has to read them, for one that cannot be made, and where nothing can match.
    /// </summary>
    internal static async Task<IQueryable<Delivery>?> BesideAsync(
        ConsoleDbContext db,
        Guid projectId,
        DeliveryFilter filter,
        Guid deliveryId,
        bool newer,
        CancellationToken cancellationToken
    )
    {
        if (ProblemOf(filter) is not null)
        {
            return null;
        }

        SearchTargets? targets = await TargetsAsync(db, projectId, filter, cancellationToken);
        if (targets?.Payload is not null || ScopeOf(projectId, filter, targets) is not { } scope)
        {
            return null;
        }

        IQueryable<Delivery> rows = targets?.Deliveries is { } ids
            ? scope.Matching(db.Deliveries.Where(d => ids.Contains(d.Id)))
            : scope.Walked(db, newer ? deliveryId : null, newer ? null : deliveryId);
        rows = newer
            ? rows.Where(d => d.Id.CompareTo(deliveryId) > 0).OrderBy(d => d.Id)
            : rows.Where(d => d.Id.CompareTo(deliveryId) < 0).OrderByDescending(d => d.Id);
        rows = scope.Fitting(scope.Exact || targets?.Deliveries is not null ? rows : rows.Take(MaxBeside));
        return newer ? rows.OrderBy(d => d.Id) : rows.OrderByDescending(d => d.Id);
    }

    // Null without a search.
    private static async Task<SearchTargets?> TargetsAsync(ConsoleDbContext db, Guid projectId, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(filter.Search))
        {
            return null;
        }

        if (ProblemOf(filter) is { } problem || !DeliverySearch.TryRead(filter.Search, out DeliverySearch? search, out problem))
        {
            throw RuleException.Invalid("search", problem);
        }

        return await SearchTargets.FindAsync(db, projectId, search, filter.Since is not null, cancellationToken);
    }

    // Null when the search is for one type and the filter for another.
    private static HistoryScope? ScopeOf(Guid projectId, DeliveryFilter filter, SearchTargets? targets) =>
        targets?.EventType is not { } type ? new HistoryScope(projectId, filter)
        : filter.EventType is { } other && other != type ? null
        : new HistoryScope(projectId, filter with { EventType = type });

    // The rows with these ids that match; the ids are in order, newest first.
    private static async Task<List<DeliveryRow>> PickAsync(
        ConsoleDbContext db,
        HistoryWalk walk,
        HistoryScope scope,
        IEnumerable<Guid> ids,
        Guid? before,
        int wanted,
        CancellationToken cancellationToken
    )
    {
        List<DeliveryRow> rows = [];
        foreach (Guid[] chunk in ids.Where(id => before is not { } end || id.CompareTo(end) < 0).Chunk(MaxPage))
        {
            rows.AddRange(await walk.RowsAsync(scope.Matching(db.Deliveries.Where(d => chunk.Contains(d.Id))), cancellationToken));
            if (rows.Count >= wanted)
            {
                return rows[..wanted];
            }
        }

        return rows;
    }

    // What waits for its first attempt is in the queue's index, which is not in the order of the history. Normally it is short and is
    // read whole. When it is long this returns null, because the walk then soon comes across them. Counting does not leave the index.
    private static async Task<IQueryable<Delivery>?> PendingAsync(ConsoleDbContext db, Guid projectId, CancellationToken cancellationToken)
    {
        List<Guid> webhooks = await db.Webhooks.Where(w => w.ProjectId == projectId).Select(w => w.Id).ToListAsync(cancellationToken);
        if (webhooks.Count == 0)
        {
            // With an empty list, SQLite refuses to search by the index.
            return null;
        }

        IQueryable<Delivery> pending = db.DeliveriesBy(HistoryIndex.Due)
            .Where(d => webhooks.Contains(d.WebhookId) && d.Status == DeliveryStatus.Pending && d.NextAttemptAt != null);
        return await pending.Take(MaxPending + 1).CountAsync(cancellationToken) > MaxPending ? null : pending;
    }

    private static Task<List<DeliveryRow>> PageAsync(
        HistoryWalk walk,
        HistoryScope scope,
        IQueryable<Delivery> rows,
        Guid? before,
        int wanted,
        CancellationToken cancellationToken
    )
    {
        rows = before is { } end ? rows.Where(d => d.Id.CompareTo(end) < 0) : rows;
        return walk.RowsAsync(scope.Matching(rows).OrderByDescending(d => d.Id).Take(wanted), cancellationToken);
    }
}
