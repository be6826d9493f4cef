using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Projects;

/// <summary>Finds projects for an actor. A project that they are not a member of does not exist for them.</summary>
public sealed class ProjectDirectory(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    // Changes by another node or the command line are seen after this time.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    // Every API call names its project, and a slug never changes.
    private readonly ConcurrentDictionary<string, (Project Project, DateTimeOffset ReadAt)> _cache = new(StringComparer.Ordinal);

    /// <summary>The projects that an actor belongs to, by name.</summary>
    [OpenTo(Audience.SignedIn, "finds only the actor's own projects")]
    public async Task<IReadOnlyList<Project>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Project> all = await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null).OrderBy(p => p.Name).ToListAsync(cancellationToken);
        return all.Where(p => actor.IsMember(p.Id)).ToList();
    }

    /// <param name="slugOrId">As in a URL.</param>
    /// <exception cref="RuleException">NotFound.</exception>
    [OpenTo(Audience.SignedIn, "finds only the actor's own projects")]
    public async ValueTask<Project> FindAsync(Actor actor, string slugOrId, CancellationToken cancellationToken)
    {
        // An id has many spellings; each project is cached under two names at most.
        slugOrId = Guid.TryParse(slugOrId, out Guid id) ? id.ToString() : slugOrId;
        Project? project = null;
        if (_cache.TryGetValue(slugOrId, out (Project Project, DateTimeOffset ReadAt) cached) && clock.GetUtcNow() - cached.ReadAt < s_fresh)
        {
            project = cached.Project;
        }
        else
        {
            await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
            project =
                id != Guid.Empty
                    ? await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null, cancellationToken)
                    : await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == slugOrId && p.DeletedAt == null, cancellationToken);
            if (project is not null)
            {
                _cache[slugOrId] = (project, clock.GetUtcNow());
            }
            else if (cached.Project is not null)
            {
                _cache.TryRemove(slugOrId, out _);
            }
        }

        return project is not null && actor.IsMember(project.Id) ? project : throw RuleException.NotFound("project");
    }

    /// <summary>Drops a project from the cache, because it was renamed or deleted.</summary>
    /// <param name="slug">The slug it had; null for the one it has.</param>
    internal void Forget(Project project, string? slug = null)
    {
        _cache.TryRemove(slug ?? project.Slug, out _);
        _cache.TryRemove(project.Id.ToString(), out _);
    }
}
