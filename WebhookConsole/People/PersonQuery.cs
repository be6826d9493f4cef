using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Projects;

namespace WebhookConsole.People;

/// <summary>Reads people with all that the screens and the rules want to know of them.</summary>
internal static class PersonQuery
{
    /// <returns>By name.</returns>
    public static async Task<IReadOnlyList<PersonView>> ReadAsync(
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
                Role = HighestRole(roleOf[u.Id]),
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

    public static async Task<PersonView?> FindAsync(ConsoleDbContext db, Guid personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ReadAsync(db, db.Users.Where(u => u.Id == personId), now, cancellationToken)).SingleOrDefault();

    /// <summary>Somebody as the rules ask for them, with role and projects as they are now; null when they were removed.</summary>
    public static async Task<Actor?> FindActorAsync(ConsoleDbContext db, Guid id, string? remoteAddress, CancellationToken cancellationToken)
    {
        var person = await db.Users.Where(u => u.Id == id).Select(u => new { u.Email, u.DisplayName }).SingleOrDefaultAsync(cancellationToken);
        if (person?.Email is null)
        {
            return null;
        }

        List<string?> roles = await (from ur in db.UserRoles join r in db.Roles on ur.RoleId equals r.Id where ur.UserId == id select r.Name).ToListAsync(
            cancellationToken
        );
        List<Guid> projects = await db.ProjectMembers.Where(m => m.UserId == id).Select(m => m.ProjectId).ToListAsync(cancellationToken);
        return new Actor
        {
            Kind = ActorKind.User,
            Id = id,
            Name = person.Email,
            DisplayName = person.DisplayName,
            Role = HighestRole(roles),
            Projects = projects.ToHashSet(),
            RemoteAddress = remoteAddress,
        };
    }

    /// <summary>
    /// The actor of a command, read again inside its transaction: rights that were taken away since the command began give nothing any more.
    /// </summary>
    /// <exception cref="RuleException">Forbidden: removed.</exception>
    public static async Task<Actor> NowAsync(ConsoleDbContext db, Actor actor) =>
        actor is not { Kind: ActorKind.User } ? actor
        : actor.Id is { } id && await FindActorAsync(db, id, actor.RemoteAddress, CancellationToken.None) is { } now ? now
        : throw new RuleException(RefusalKind.Forbidden, "signed_out", "You are no longer signed in. Reload the page and sign in again.");

    /// <summary>People who can sign in and own the installation.</summary>
    public static IQueryable<ConsoleUser> Owners(ConsoleDbContext db) =>
        from u in db.Users
        join ur in db.UserRoles on u.Id equals ur.UserId
        join r in db.Roles on ur.RoleId equals r.Id
        where r.Name == nameof(Role.Owner) && u.PasswordHash != null
        select u;

    /// <summary>A person has one role; were there several, the highest would count.</summary>
    public static Role HighestRole(IEnumerable<string?> names) =>
        names.Select(n => Enum.TryParse(n, out Role role) ? role : Role.Viewer).DefaultIfEmpty(Role.Viewer).Max();
}
