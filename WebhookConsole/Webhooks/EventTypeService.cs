using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Webhooks;

/// <summary>The last real event of a type, as receivers got it.</summary>
public sealed record LastEvent(Guid EventId, DateTimeOffset At, byte[] Payload);

/// <summary>The event catalogue of a project (specification §6).</summary>
public sealed class EventTypeService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    WebhookDirectory directory,
    AuditLog audit,
    TimeProvider clock
)
{
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyList<EventType>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.EventTypes.AsNoTracking().Where(t => t.ProjectId == projectId).OrderBy(t => t.Name).ToListAsync(cancellationToken);
    }

    /// <exception cref="RuleException">No such type in the project.</exception>
    [Requires(Permission.ViewWebhooks)]
    public async Task<EventType> GetAsync(Actor actor, Guid projectId, string name, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db.EventTypes.AsNoTracking(), projectId, name, cancellationToken);
    }

    /// <summary>When the last real event of each type arrived; types without one are absent.</summary>
    [Requires(Permission.ViewWebhooks)]
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> LastSeenAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db
            .EventTypeActivity.Where(a => a.ProjectId == projectId)
            .ToDictionaryAsync(a => a.Name, a => a.LastEventAt, StringComparer.Ordinal, cancellationToken);
    }

    /// <summary>The last real event of a type, found by key.</summary>
    /// <returns>Null when there was none, or it is no longer kept.</returns>
    [Requires(Permission.ViewDeliveries)]
    public async Task<LastEvent?> LastEventAsync(Actor actor, Guid projectId, string name, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from a in db.EventTypeActivity
            join e in db.Events on a.LastEventId equals e.Id
            where a.ProjectId == projectId && a.Name == name
            select new LastEvent(e.Id, e.CreatedAt, e.Payload)
        ).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Declares a type. One that had only been seen becomes declared.</summary>
    /// <exception cref="RuleException">Invalid; Conflict <c>event_type_exists</c>.</exception>
    [Requires(Permission.ManageEventTypes)]
    public async Task<EventType> CreateAsync(Actor actor, Guid projectId, EventTypeDraft draft)
    {
        AccessPolicy.Demand(actor, Permission.ManageEventTypes, projectId);
        string name = (draft.Name ?? "").Trim();
        if (!EventTypeName.IsValid(name))
        {
            throw RuleException.Invalid("name", EventTypeName.Rule);
        }

        return await SaveAsync(
            projectId,
            async db =>
            {
                EventType? type = await db.EventTypes.SingleOrDefaultAsync(t => t.ProjectId == projectId && t.Name == name);
                if (type is { Seen: false })
                {
                    throw RuleException.Conflict("event_type_exists", $"The event type '{name}' is already declared. Edit it instead.");
                }

                if (type is null)
                {
                    type = new EventType
                    {
                        ProjectId = projectId,
                        Name = name,
                        CreatedAt = clock.GetUtcNow(),
                    };
                    db.EventTypes.Add(type);
                }
                else
                {
                    type.Version++;
                }

                draft.Apply(type);
                type.Seen = false;
                audit.Add(db, actor, AuditActions.EventTypeSaved, projectId, Target(name), new { change = "declared" });
                return type;
            }
        );
    }

    /// <summary>Describes a type. One that had only been seen becomes declared.</summary>
    /// <param name="edit">Receives the type as the transaction finds it, so that the fields it leaves alone keep their values.</param>
    /// <param name="expectedVersion">The version that was read; null for whichever is the newest.</param>
    /// <exception cref="RuleException">Invalid, NotFound; Conflict <c>stale_edit</c> with the newer type.</exception>
    [Requires(Permission.ManageEventTypes)]
    public Task<EventType> UpdateAsync(Actor actor, Guid projectId, string name, Func<EventTypeDraft, EventTypeDraft> edit, int? expectedVersion)
    {
        AccessPolicy.Demand(actor, Permission.ManageEventTypes, projectId);
        return SaveAsync(
            projectId,
            async db =>
            {
                EventType type = await FindAsync(db.EventTypes, projectId, name, CancellationToken.None);
                if (expectedVersion is { } expected && type.Version != expected)
                {
                    throw new RuleException(
                        RefusalKind.Conflict,
                        "stale_edit",
                        "Somebody else has changed this event type. Compare your values with the newer ones, then save again."
                    )
                    {
                        Current = type,
                    };
                }

                EventTypeDraft before = EventTypeDraft.Of(type);
                edit(before).Apply(type);
                type.Seen = false;
                type.Version++;
                audit.Add(
                    db,
                    actor,
                    AuditActions.EventTypeSaved,
                    projectId,
                    Target(name),
                    new { change = "edited", fields = FieldsBetween(before, EventTypeDraft.Of(type)) }
                );
                return type;
            }
        );
    }

    /// <summary>Removes a type from the catalogue. Filters that name it do not change, and it returns as seen when an event of this type arrives.</summary>
    /// <exception cref="RuleException">No such type in the project.</exception>
    [Requires(Permission.ManageEventTypes)]
    public async Task DeleteAsync(Actor actor, Guid projectId, string name)
    {
        AccessPolicy.Demand(actor, Permission.ManageEventTypes, projectId);
        await SaveAsync(
            projectId,
            async db =>
            {
                EventType type = await FindAsync(db.EventTypes, projectId, name, CancellationToken.None);
                db.EventTypes.Remove(type);
                await db.EventTypeActivity.Where(a => a.ProjectId == projectId && a.Name == name).ExecuteDeleteAsync();
                audit.Add(db, actor, AuditActions.EventTypeDeleted, projectId, Target(name));
                return type;
            }
        );
    }

    private static AuditTarget Target(string name) => new("event_type", null, name);

    /// <summary>The names of the fields that differ.</summary>
    internal static string[] FieldsBetween(EventTypeDraft before, EventTypeDraft after) =>
        [
            .. new[]
            {
                ("description", before.Description != after.Description),
                ("example", before.Example != after.Example),
                ("deprecated", before.Deprecated != after.Deprecated),
            }
                .Where(f => f.Item2)
                .Select(f => f.Item1),
        ];

    private static async Task<EventType> FindAsync(IQueryable<EventType> types, Guid projectId, string name, CancellationToken cancellationToken) =>
        await types.SingleOrDefaultAsync(t => t.ProjectId == projectId && t.Name == name, cancellationToken) ?? throw RuleException.NotFound("event type");

    private async Task<EventType> SaveAsync(Guid projectId, Func<ConsoleDbContext, Task<EventType>> change)
    {
        EventType saved = await work.RunAsync(change);
        directory.Invalidate(projectId, Guid.Empty);
        return saved;
    }
}
