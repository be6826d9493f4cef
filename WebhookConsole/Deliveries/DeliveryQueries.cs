using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>Which deliveries to show; a null member does not filter.</summary>
public sealed record DeliveryFilter
{
    public Guid? WebhookId { get; init; }

    public DeliveryStatus? Status { get; init; }

    public FailureClass? FailureClass { get; init; }

    public string? EventType { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool? Test { get; init; }

    /// <summary>An event id, delivery id, request id or client id.</summary>
    public string? Search { get; init; }
}

/// <summary>One row of the history.</summary>
public sealed record DeliveryRow(Delivery Delivery, string WebhookName);

/// <param name="NextCursor">Pass it to get the next, older page; null on the last.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryRow> Items, string? NextCursor);

/// <summary>Everything that the console shows about one delivery.</summary>
public sealed record DeliveryDetail(Delivery Delivery, Webhook Webhook, WebhookEvent Event, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>Reads the history (specification §8). It pages by key: ids are in order of time, so nothing is counted or skipped.</summary>
public sealed class DeliveryQueries(IDbContextFactory<ConsoleDbContext> contexts)
{
    public const int MaxPage = 200;

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
        IQueryable<Delivery>? deliveries = await ApplyAsync(db, projectId, filter, cancellationToken);
        if (deliveries is null)
        {
            return new DeliveryPage([], null);
        }

        if (before is { } id)
        {
            deliveries = deliveries.Where(d => d.Id.CompareTo(id) < 0);
        }

        List<DeliveryRow> rows = await (
            from d in deliveries.OrderByDescending(d => d.Id).Take(limit + 1)
            join w in db.Webhooks on d.WebhookId equals w.Id
            orderby d.Id descending
            select new DeliveryRow(d, w.Name)
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return rows.Count <= limit ? new DeliveryPage(rows, null) : new DeliveryPage(rows[..limit], Cursor.Write(list, rows[limit - 1].Delivery.Id));
    }

    /// <summary>How many deliveries are newer than <paramref name="newest"/>, counted up to <paramref name="atMost"/>.</summary>
    [Requires(Permission.ViewDeliveries)]
    public async Task<int> CountNewerAsync(Actor actor, Guid projectId, DeliveryFilter filter, Guid newest, int atMost, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<Delivery>? deliveries = await ApplyAsync(db, projectId, filter, cancellationToken);
        return deliveries is null ? 0 : await deliveries.Where(d => d.Id.CompareTo(newest) > 0).OrderBy(d => d.Id).Take(atMost).CountAsync(cancellationToken);
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
        List<DeliveryAttempt> attempts = await db
            .Attempts.AsNoTracking()
            .Where(a => a.DeliveryId == deliveryId)
            .OrderBy(a => a.Number)
            .ToListAsync(cancellationToken);
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

    // Null means that the search matches nothing, so there is nothing to show.
    internal static async Task<IQueryable<Delivery>?> ApplyAsync(
        ConsoleDbContext db,
        Guid projectId,
        DeliveryFilter filter,
        CancellationToken cancellationToken
    )
    {
        IQueryable<Delivery> deliveries = db.Deliveries.Where(d => d.ProjectId == projectId);
        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            string text = filter.Search.Trim();
            Guid id = Guid.TryParse(text, out Guid parsed) ? parsed : Guid.Empty;
            Guid ofAttempt = await db.Attempts.Where(a => a.Id == id).Select(a => a.DeliveryId).SingleOrDefaultAsync(cancellationToken);
            Guid ofClient = await db
                .Events.Where(e => e.ProjectId == projectId && e.ClientId == text)
                .Select(e => e.Id)
                .SingleOrDefaultAsync(cancellationToken);
            if (id == Guid.Empty && ofClient == Guid.Empty)
            {
                return null;
            }

            deliveries = deliveries.Where(d => d.Id == id || d.EventId == id || d.Id == ofAttempt || d.EventId == ofClient);
        }

        if (filter.WebhookId is { } webhookId)
        {
            deliveries = deliveries.Where(d => d.WebhookId == webhookId);
        }

        if (filter.Status is { } status)
        {
            deliveries = deliveries.Where(d => d.Status == status);
        }

        if (filter.FailureClass is { } failure)
        {
            deliveries = deliveries.Where(d => d.FailureClass == failure);
        }

        if (filter.EventType is { } type)
        {
            deliveries = deliveries.Where(d => d.EventType == type);
        }

        if (filter.Test is { } test)
        {
            deliveries = deliveries.Where(d => d.Test == test);
        }

        // The id contains the time, so a time range is a range of keys.
        if (filter.Since is { } since)
        {
            Guid floor = Ids.Floor(since);
            deliveries = deliveries.Where(d => d.Id.CompareTo(floor) >= 0);
        }

        if (filter.Until is { } until)
        {
            Guid floor = Ids.Floor(until);
            deliveries = deliveries.Where(d => d.Id.CompareTo(floor) < 0);
        }

        return deliveries;
    }
}
