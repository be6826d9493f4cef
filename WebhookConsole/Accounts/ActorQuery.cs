using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Accounts;

/// <summary>Reads a person as the rules need them: with current role and projects, in one statement.</summary>
internal static class ActorQuery
{
    /// <param name="who">A query for at most one person.</param>
    /// <returns>Null when there is nobody.</returns>
    public static async Task<Actor?> FindAsync(ConsoleDbContext db, IQueryable<ConsoleUser> who, string? remoteAddress, CancellationToken cancellationToken)
    {
        var person = await who.AsNoTracking()
            .AsSingleQuery()
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.DisplayName,
                Roles = (from ur in db.UserRoles join r in db.Roles on ur.RoleId equals r.Id where ur.UserId == u.Id select r.Name).ToList(),
                Projects = db.ProjectMembers.Where(m => m.UserId == u.Id).Select(m => m.ProjectId).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return person is not { Email: { } email }
            ? null
            : new Actor
            {
                Kind = ActorKind.User,
                Id = person.Id,
                Name = email,
                DisplayName = person.DisplayName,
                Role = HighestRole(person.Roles),
                Projects = person.Projects.ToHashSet(),
                RemoteAddress = remoteAddress,
            };
    }

    /// <summary>A person has one role; if there were several, the highest would count.</summary>
    public static Role HighestRole(IEnumerable<string?> names) =>
        names.Select(n => Enum.TryParse(n, out Role role) ? role : Role.Viewer).DefaultIfEmpty(Role.Viewer).Max();
}
