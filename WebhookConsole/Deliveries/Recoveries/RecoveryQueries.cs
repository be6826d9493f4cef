using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries.Recoveries;

/// <param name="WebhookName">Null for all webhooks.</param>
public sealed record RecoveryRow(Recovery Recovery, string? WebhookName);

/// <param name="NextCursor">Gets the next, older page; null on the last.</param>
public sealed record RecoveryPage(IReadOnlyList<RecoveryRow> Items, string? NextCursor);

/// <summary>What a recovery did with one delivery.</summary>
/// <param name="Delivery">As it is now; null when retention has removed it.</param>
/// <param name="Attempt">The attempt of the recovery; null when it was removed.</param>
public sealed record RecoveryResultRow(RecoveryResult Result, Delivery? Delivery, string? WebhookName, DeliveryAttempt? Attempt);

/// <param name="NextCursor">Gets the next, older page; null on the last.</param>
public sealed record RecoveryResultPage(IReadOnlyList<RecoveryResultRow> Items, string? NextCursor);

/// <summary>Reads recoveries and their results by key; the counts are kept while they run.</summary>
public sealed class RecoveryQueries(IDbContextFactory<ConsoleDbContext> contexts)
{
    public const int MaxPage = 200;

    /// <summary>The recoveries of a project, newest first.</summary>
    /// <exception cref="RuleException">Invalid limit or cursor.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<RecoveryPage> ListAsync(Actor actor, Guid projectId, string? cursor, int limit, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        string list = $"recoveries {projectId}";
        Guid? before = ReadCursor(cursor, list, limit);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<RecoveryRow> rows = await (
            from r in db
                .Recoveries.Where(r => r.ProjectId == projectId && (before == null || r.Id.CompareTo(before.Value) < 0))
                .OrderByDescending(r => r.Id)
                .Take(limit + 1)
            join w in db.Webhooks on r.WebhookId equals w.Id into webhooks
            from w in webhooks.DefaultIfEmpty()
            orderby r.Id descending
            select new RecoveryRow(r, w == null ? null : w.Name)
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return rows.Count <= limit ? new RecoveryPage(rows, null) : new RecoveryPage(rows[..limit], Cursor.Write(list, rows[limit - 1].Recovery.Id));
    }

    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<RecoveryRow> GetAsync(Actor actor, Guid projectId, Guid recoveryId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
                from r in db.Recoveries
                join w in db.Webhooks on r.WebhookId equals w.Id into webhooks
                from w in webhooks.DefaultIfEmpty()
                where r.Id == recoveryId && r.ProjectId == projectId
                select new RecoveryRow(r, w == null ? null : w.Name)
            )
                .AsNoTracking()
                .SingleOrDefaultAsync(cancellationToken)
            ?? throw RuleException.NotFound("recovery");
    }

    /// <summary>What a recovery did, newest deliveries first.</summary>
    /// <param name="succeeded">True or false for these only; null for all.</param>
    /// <exception cref="RuleException">NotFound; invalid limit or cursor.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<RecoveryResultPage> ResultsAsync(
        Actor actor,
        Guid projectId,
        Guid recoveryId,
        bool? succeeded,
        string? cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await GetAsync(actor, projectId, recoveryId, cancellationToken);
        string list = $"recovery {recoveryId} {succeeded}";
        Guid? before = ReadCursor(cursor, list, limit);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from r in db
                .RecoveryResults.Where(r =>
                    r.RecoveryId == recoveryId
                    && (succeeded == null || r.Succeeded == succeeded)
                    && (before == null || r.DeliveryId.CompareTo(before.Value) < 0)
                )
                .OrderByDescending(r => r.DeliveryId)
                .Take(limit + 1)
            join d in db.Deliveries on r.DeliveryId equals d.Id into deliveries
            from d in deliveries.DefaultIfEmpty()
            join w in db.Webhooks on d.WebhookId equals w.Id into webhooks
            from w in webhooks.DefaultIfEmpty()
            orderby r.DeliveryId descending
            select new
            {
                r,
                d,
                w.Name,
            }
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        List<Guid> ids = found.ConvertAll(f => f.r.AttemptId);
        Dictionary<Guid, DeliveryAttempt> attempts = (await db.Attempts.Where(a => ids.Contains(a.Id)).ReadAsync(db, cancellationToken)).ToDictionary(a =>
            a.Id
        );
        List<RecoveryResultRow> rows = found.ConvertAll(f => new RecoveryResultRow(f.r, f.d, f.Name, attempts.GetValueOrDefault(f.r.AttemptId)));
        return rows.Count <= limit
            ? new RecoveryResultPage(rows, null)
            : new RecoveryResultPage(rows[..limit], Cursor.Write(list, rows[limit - 1].Result.DeliveryId));
    }

    private static Guid? ReadCursor(string? cursor, string list, int limit)
    {
        if (limit is < 1 or > MaxPage)
        {
            throw RuleException.Invalid("limit", $"'limit' must be a whole number between 1 and {MaxPage}.");
        }

        return cursor is null ? null
            : Cursor.TryRead(cursor, list, out Guid last, out string? error) ? last
            : throw RuleException.Invalid("cursor", error);
    }
}
