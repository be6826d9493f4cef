using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.People;

/// <summary>The people of a project or of the installation, for those who may see them.</summary>
public sealed class PeopleQueries(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    /// <summary>Members of a project and the owners, who belong to every project.</summary>
    /// <exception cref="RuleException">Forbidden, or NotFound for strangers to the project.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<IReadOnlyList<PersonView>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<Guid> owners = from ur in db.UserRoles join r in db.Roles on ur.RoleId equals r.Id where r.Name == nameof(Role.Owner) select ur.UserId;
        IQueryable<ConsoleUser> people = db.Users.Where(u => db.ProjectMembers.Any(m => m.ProjectId == projectId && m.UserId == u.Id) || owners.Contains(u.Id));
        return await ReadAsync(db, people, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Everybody.</summary>
    /// <exception cref="RuleException">The actor is not an owner.</exception>
    [Requires(Permission.ManagePeople)]
    public async Task<IReadOnlyList<PersonView>> ListAllAsync(Actor actor, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManagePeople);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db, db.Users, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Somebody who already has an account and could be added to a project; null when nobody has this address.</summary>
    /// <exception cref="RuleException">Forbidden, also when they may not be added, with the reason; Conflict when they are a member.</exception>
    [Requires(Permission.ManageMembers)]
    public async Task<PersonView?> FindCandidateAsync(Actor actor, Guid projectId, string email, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageMembers, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        string normalized = email.Trim().ToUpperInvariant();
        PersonView? person = (
            await ReadAsync(db, db.Users.Where(u => u.NormalizedEmail == normalized), clock.GetUtcNow(), cancellationToken)
        ).SingleOrDefault();
        if (person?.Projects.Any(p => p.Id == projectId) == true)
        {
            throw RuleException.Conflict("already_member", $"{person.Name} is already in this project.");
        }

        if (person is not null)
        {
            PersonRules.Demand(PersonRules.WhyNotMembership(actor, person));
        }

        return person;
    }

    /// <summary>Whom to ask for access: the owners' names.</summary>
    [OpenTo(Audience.SignedIn, "somebody without a project has to know whom to ask")]
    public async Task<IReadOnlyList<string>> ListOwnersAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        IReadOnlyList<PersonView> owners = await ReadAsync(db, Owners(db), clock.GetUtcNow(), cancellationToken);
        return owners.Select(o => o.DisplayName is null ? o.Email : $"{o.DisplayName} ({o.Email})").ToList();
    }

    /// <returns>By name.</returns>
    private static async Task<IReadOnlyList<PersonView>> ReadAsync(
        ConsoleDbContext db,
        IQueryable<ConsoleUser> people,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await people
            .AsNoTracking()
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.DisplayName,
                Joined = u.PasswordHash != null,
                u.TwoFactorEnabled,
                u.LockoutEnd,
                u.LastSignInAt,
            })
            .ToListAsync(cancellationToken);
        var roles = await (
            from u in people
            join ur in db.UserRoles on u.Id equals ur.UserId
            join r in db.Roles on ur.RoleId equals r.Id
            select new { ur.UserId, r.Name }
        ).ToListAsync(cancellationToken);
        var projects = await (
            from u in people
            join m in db.ProjectMembers on u.Id equals m.UserId
            join p in db.Projects on m.ProjectId equals p.Id
            where p.DeletedAt == null
            select new
            {
                m.UserId,
                p.Id,
                p.Slug,
                p.Name,
            }
        ).ToListAsync(cancellationToken);
        var links = await (from u in people join t in PersonLinks.Of(db) on u.Id equals t.UserId select new { t.UserId, t.Value }).ToListAsync(
            cancellationToken
        );
        var roleOf = roles.ToLookup(r => r.UserId, r => r.Name);
        var projectsOf = projects.ToLookup(p => p.UserId, p => new ProjectName(p.Id, p.Slug, p.Name));
        var linkOf = links.ToDictionary(l => l.UserId, l => l.Value);
        return rows.Select(u => new PersonView
            {
                Id = u.Id,
                Email = u.Email ?? "",
                DisplayName = u.DisplayName,
                Role = ActorQuery.HighestRole(roleOf[u.Id]),
                State =
                    !u.Joined ? PersonState.Invited
                    : u.LockoutEnd > now ? PersonState.Locked
                    : PersonState.Active,
                TwoFactor = u.TwoFactorEnabled,
                LastSignInAt = u.LastSignInAt,
                LinkExpiresAt = PersonLinks.ExpiryOf(linkOf.GetValueOrDefault(u.Id), now),
                Projects = [.. projectsOf[u.Id].OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)],
            })
            .OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
    }

    /// <summary>A person as the screens show them; null when nobody has this id.</summary>
    internal static async Task<PersonView?> FindAsync(ConsoleDbContext db, Guid personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ReadAsync(db, db.Users.Where(u => u.Id == personId), now, cancellationToken)).SingleOrDefault();

    /// <summary>
    /// The actor of a command, read again inside its transaction: rights that have been taken away since the command began no longer count.
    /// </summary>
    /// <exception cref="RuleException">Forbidden: removed.</exception>
    internal static async Task<Actor> NowAsync(ConsoleDbContext db, Actor actor) =>
        actor is not { Kind: ActorKind.User } ? actor
        : await ActorQuery.FindAsync(db, db.Users.Where(u => u.Id == actor.Id), actor.RemoteAddress, CancellationToken.None) is { } now ? now
        : throw new RuleException(RefusalKind.Forbidden, "signed_out", "You are no longer signed in. Reload the page and sign in again.");

    /// <summary>Owners of the installation who can sign in.</summary>
    internal static IQueryable<ConsoleUser> Owners(ConsoleDbContext db) =>
        from u in db.Users
        join ur in db.UserRoles on u.Id equals ur.UserId
        join r in db.Roles on ur.RoleId equals r.Id
        where r.Name == nameof(Role.Owner) && u.PasswordHash != null
        select u;
}
