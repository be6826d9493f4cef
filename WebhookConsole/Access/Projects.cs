using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Access;

/// <summary>Finds projects for an actor; what they are no member of does not exist for them.</summary>
public sealed class Projects(IDbContextFactory<ConsoleDbContext> contexts)
{
    // Every API call names its project; what exists does not change its slug.
    private readonly ConcurrentDictionary<string, Project> _cache = new(StringComparer.Ordinal);

    /// <summary>The projects that an actor belongs to, by name.</summary>
    [OpenTo(Audience.SignedIn, "finds the own projects only")]
    public async Task<IReadOnlyList<Project>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Project> all = await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null).OrderBy(p => p.Name).ToListAsync(cancellationToken);
        return all.Where(p => actor.IsMember(p.Id)).ToList();
    }

    /// <param name="slugOrId">As it stands in an address.</param>
    /// <exception cref="RuleException">NotFound.</exception>
    [OpenTo(Audience.SignedIn, "finds the own projects only")]
    public async ValueTask<Project> FindAsync(Actor actor, string slugOrId, CancellationToken cancellationToken)
    {
        // Ids come in many spellings; each project is kept under two names at most.
        slugOrId = Guid.TryParse(slugOrId, out Guid id) ? id.ToString() : slugOrId;
        if (!_cache.TryGetValue(slugOrId, out Project? project))
        {
            await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
            project =
                id != Guid.Empty
                    ? await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null, cancellationToken)
                    : await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == slugOrId && p.DeletedAt == null, cancellationToken);
            if (project is not null)
            {
                _cache[slugOrId] = project;
            }
        }

        return project is not null && actor.IsMember(project.Id) ? project : throw RuleException.NotFound("project");
    }
}
