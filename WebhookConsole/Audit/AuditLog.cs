using System.Globalization;
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
    /// <summary>Null for the entries of the installation (people, sign-ins).</summary>
    public Guid? ProjectId { get; init; }

    public string? Action { get; init; }

    /// <summary>Several actions; null for all.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    public string? Actor { get; init; }

    public Guid? TargetId { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Entries older than this one; null for the newest.</summary>
    public Guid? Before { get; init; }

    /// <summary>This entry and older ones; null for the newest.</summary>
    public Guid? From { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>What reading a chain of entries found.</summary>
/// <param name="Entries">How many are linked.</param>
/// <param name="Problem">A sentence about the first place where the chain is broken; null when it is intact.</param>
/// <param name="End">Hash of the last entry. Keep it elsewhere to prove later what came before.</param>
public sealed record AuditCheck(long Entries, string? Problem, byte[] End);

/// <summary>Append-only record of who did what (specification §10). The entry is added to the caller's context, so that it commits with the change or not at all.</summary>
public sealed class AuditLog(TimeProvider clock, IDbContextFactory<ConsoleDbContext> contexts)
{
    private const int CheckPage = 1000;

    // Text stays readable in exports; the screens encode it for HTML themselves.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds an entry to <paramref name="db"/>; the caller saves. <paramref name="details"/> never holds a secret.</summary>
    public void Add(ConsoleDbContext db, Actor actor, string action, Guid? projectId, AuditTarget? target = null, object? details = null) =>
        db.AuditEntries.Add(NewEntry(actor, action, projectId, target, details));

    /// <summary>Adds an entry about project members or their roles to the logs of the installation and each project (specification §10).</summary>
    public void AddToProjects(ConsoleDbContext db, Actor actor, string action, IEnumerable<Guid> projects, AuditTarget target, object? details = null)
    {
        Add(db, actor, action, null, target, details);
        foreach (Guid project in projects.Distinct())
        {
            Add(db, actor, action, project, target, details);
        }
    }

    /// <summary>Makes an entry that the caller writes in its own transaction.</summary>
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

    /// <summary>Adds an entry that belongs to no other change.</summary>
    public async Task WriteAsync(Actor actor, string action, Guid? projectId, AuditTarget? target = null, object? details = null)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        Add(db, actor, action, projectId, target, details);
        await db.SaveChangesAsync();
    }

    /// <summary>Reads the chain of a project, or of the installation for null, from its beginning.</summary>
    public async Task<AuditCheck> CheckAsync(Guid? projectId, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);

        // The end is read first; entries written from now on come after it.
        string chain = AuditChain.NameOf(projectId);
        AuditHead? head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(h => h.Chain == chain, cancellationToken);
        long sequence = 0;
        byte[] hash = [];
        while (sequence < (head?.Sequence ?? 0))
        {
            long from = sequence;
            List<AuditEntry> page = await db
                .AuditEntries.AsNoTracking()
                .Where(e => e.ProjectId == projectId && e.Sequence > from && e.Sequence <= head!.Sequence)
                .OrderBy(e => e.Sequence)
                .Take(CheckPage)
                .ToListAsync(cancellationToken);
            foreach (AuditEntry entry in page)
            {
                if (entry.Sequence != sequence + 1)
                {
                    return new AuditCheck(sequence, $"Entries {sequence + 1} to {entry.Sequence - 1} are missing.", hash);
                }

                if (!AuditChain.HashOf(hash, entry).AsSpan().SequenceEqual(entry.Hash))
                {
                    return new AuditCheck(sequence, $"Entry {entry.Sequence} of {Formatted(entry.At)} was changed after it was written.", hash);
                }

                (sequence, hash) = (entry.Sequence, entry.Hash);
            }

            if (page.Count == 0)
            {
                return new AuditCheck(sequence, $"Entries {sequence + 1} to {head!.Sequence}, the newest, are missing.", hash);
            }
        }

        if (await ForeignAsync(db, projectId, cancellationToken) is { } foreign)
        {
            return new AuditCheck(sequence, $"Entry {foreign.Sequence} of {Formatted(foreign.At)} was not written by the application.", hash);
        }

        return head is null || head.Hash.AsSpan().SequenceEqual(hash)
            ? new AuditCheck(sequence, null, hash)
            : new AuditCheck(sequence, "The end of the log does not match the one stored with its last entry.", hash);
    }

    // An entry that the chain does not lead to, but that the list would show. The end is read last: entries written meanwhile are within it.
    private static async Task<AuditEntry?> ForeignAsync(ConsoleDbContext db, Guid? projectId, CancellationToken cancellationToken)
    {
        IQueryable<AuditEntry> entries = db.AuditEntries.AsNoTracking().Where(e => e.ProjectId == projectId);
        AuditEntry? first = await entries.OrderBy(e => e.Sequence).FirstOrDefaultAsync(cancellationToken);
        AuditEntry? last = await entries.OrderByDescending(e => e.Sequence).FirstOrDefaultAsync(cancellationToken);
        string chain = AuditChain.NameOf(projectId);
        long end = await db.AuditHeads.Where(h => h.Chain == chain).Select(h => h.Sequence).SingleOrDefaultAsync(cancellationToken);
        return first?.Sequence < 1 ? first
            : last?.Sequence > end ? last
            : null;
    }

    private static string Formatted(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>One page, newest first; the caller has checked the permission.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AuditEntry> entries = db.AuditEntries.AsNoTracking().Where(e => e.ProjectId == query.ProjectId);
        if (query.Action is not null)
        {
            entries = entries.Where(e => e.Action == query.Action);
        }

        if (query.Actions is { } actions)
        {
            entries = entries.Where(e => actions.Contains(e.Action));
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
            // An id contains its time, so the index knows where the search ends.
            Guid floor = Ids.Floor(since);
            entries = entries.Where(e => e.At >= since && e.Id.CompareTo(floor) >= 0);
        }

        if (query.Until is { } until)
        {
            entries = entries.Where(e => e.At < until);
        }

        if (query.Before is { } before)
        {
            entries = entries.Where(e => e.Id.CompareTo(before) < 0);
        }

        if (query.From is { } from)
        {
            entries = entries.Where(e => e.Id.CompareTo(from) <= 0);
        }

        return await entries.OrderByDescending(e => e.Id).Take(query.Limit).ToListAsync(cancellationToken);
    }
}
