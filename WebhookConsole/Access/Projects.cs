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

    public async Task<IReadOnlyList<Project>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Project> all = await db.Projects.AsNoTracking().OrderBy(p => p.Name).ToListAsync(cancellationToken);
        return all.Where(p => actor.IsMember(p.Id)).ToList();
    }

    /// <param name="slugOrId">As it stands in an address.</param>
    /// <exception cref="RuleException">NotFound.</exception>
    public async ValueTask<Project> FindAsync(Actor actor, string slugOrId, CancellationToken cancellationToken)
    {
        // Ids come in many spellings; each project is kept under two names at most.
        slugOrId = Guid.TryParse(slugOrId, out Guid id) ? id.ToString() : slugOrId;
        if (!_cache.TryGetValue(slugOrId, out Project? project))
        {
            await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
            project =
                id != Guid.Empty
                    ? await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
                    : await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == slugOrId, cancellationToken);
            if (project is not null)
            {
                _cache[slugOrId] = project;
            }
        }

        return project is not null && actor.IsMember(project.Id) ? project : throw RuleException.NotFound("project");
    }
}
