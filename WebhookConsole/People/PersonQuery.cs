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

    public static async Task<PersonView?> FindAsync(ConsoleDbContext db, Guid personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ReadAsync(db, db.Users.Where(u => u.Id == personId), now, cancellationToken)).SingleOrDefault();

    /// <summary>
    /// The actor of a command, read again inside its transaction: rights that were taken away since the command began give nothing any more.
    /// </summary>
    /// <exception cref="RuleException">Forbidden: removed.</exception>
    public static async Task<Actor> NowAsync(ConsoleDbContext db, Actor actor) =>
        actor is not { Kind: ActorKind.User } ? actor
        : await ActorQuery.FindAsync(db, db.Users.Where(u => u.Id == actor.Id), actor.RemoteAddress, CancellationToken.None) is { } now ? now
        : throw new RuleException(RefusalKind.Forbidden, "signed_out", "You are no longer signed in. Reload the page and sign in again.");

    /// <summary>People who can sign in and own the installation.</summary>
    public static IQueryable<ConsoleUser> Owners(ConsoleDbContext db) =>
        from u in db.Users
        join ur in db.UserRoles on u.Id equals ur.UserId
        join r in db.Roles on ur.RoleId equals r.Id
        where r.Name == nameof(Role.Owner) && u.PasswordHash != null
        select u;
}
