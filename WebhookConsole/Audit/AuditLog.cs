using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Audit;

/// <summary>What a change was made to.</summary>
public sealed record AuditTarget(string Kind, Guid? Id, string Name);

/// <summary>Which entries to show.</summary>
public sealed record AuditQuery
{
    /// <summary>Null: entries of the installation (people, sign-ins).</summary>
    public Guid? ProjectId { get; init; }

    public string? Action { get; init; }

    public string? Actor { get; init; }

    public Guid? TargetId { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Entries older than this one; null for the newest.</summary>
    public Guid? Before { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>Append-only record of who did what (SPEC §10). The entry is added to the caller's context, so that it commits with the change or not at all.</summary>
public sealed class AuditLog(TimeProvider clock, IDbContextFactory<ConsoleDbContext> contexts)
{
    // Readable in exports; the screens encode for HTML themselves.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds an entry to <paramref name="db"/>; the caller saves. <paramref name="details"/> never holds a secret.</summary>
    public void Add(ConsoleDbContext db, Actor actor, string action, Guid? projectId, AuditTarget? target = null, object? details = null) =>
        db.AuditEntries.Add(NewEntry(actor, action, projectId, target, details));

    /// <summary>An entry for whoever writes it in the transaction of its change.</summary>
    public AuditEntry NewEntry(Actor actor, string action, Guid? projectId, AuditTarget? target = null, object? details = null)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return new AuditEntry
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            At = now,
            ActorKind = actor.Kind switch
            {
                ActorKind.User => "user",
                ActorKind.Token => "token",
                _ => "system",
            },
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            TargetKind = target?.Kind,
            TargetId = target?.Id,
            TargetName = target?.Name,
            RemoteAddress = actor.RemoteAddress,
            Details = details is null ? null : JsonSerializer.Serialize(details, s_json),
        };
    }

    /// <summary>Adds an entry that goes with no other change.</summary>
    public async Task WriteAsync(Actor actor, string action, Guid? projectId, AuditTarget? target = null, object? details = null)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        Add(db, actor, action, projectId, target, details);
        await db.SaveChangesAsync();
    }

    /// <summary>One page, newest first; the caller has checked the permission.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AuditEntry> entries = db.AuditEntries.AsNoTracking().Where(e => e.ProjectId == query.ProjectId);
        if (query.Action is not null)
        {
            entries = entries.Where(e => e.Action == query.Action);
        }

        if (query.Actor is not null)
        {
            entries = entries.Where(e => e.ActorName.Contains(query.Actor));
        }

        if (query.TargetId is not null)
        {
            entries = entries.Where(e => e.TargetId == query.TargetId);
        }

        if (query.Since is { } since)
        {
            entries = entries.Where(e => e.At >= since);
        }

        if (query.Until is { } until)
        {
            entries = entries.Where(e => e.At < until);
        }

        if (query.Before is { } before)
        {
            entries = entries.Where(e => e.Id.CompareTo(before) < 0);
        }

        return await entries.OrderByDescending(e => e.Id).Take(query.Limit).ToListAsync(cancellationToken);
    }
}
