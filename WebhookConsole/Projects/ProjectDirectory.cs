using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Cluster;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Projects;

/// <summary>Finds projects for an actor. A project that they are not a member of does not exist for them.</summary>
public sealed class ProjectDirectory
{
    private const string Topic = "project";

    // A change by the command line, or one whose message from another node was lost, is seen after this time.
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    // Every API call names its project, and a slug never changes.
    private readonly ConcurrentDictionary<string, (Project Project, DateTimeOffset ReadAt)> _cache = new(StringComparer.Ordinal);

    private readonly IDbContextFactory<ConsoleDbContext> _contexts;
    private readonly NodeMessages _messages;
    private readonly TimeProvider _clock;

    public ProjectDirectory(IDbContextFactory<ConsoleDbContext> contexts, NodeMessages messages, TimeProvider clock)
    {
        _contexts = contexts;
        _messages = messages;
        _clock = clock;
        messages.On(Topic, names => Array.ForEach(names.Split(' '), name => _cache.TryRemove(name, out (Project Project, DateTimeOffset ReadAt) _)));
        messages.Missed += _cache.Clear;
    }

    /// <summary>The projects that an actor belongs to, by name.</summary>
    [OpenTo(Audience.SignedIn, "finds only the actor's own projects")]
    public async Task<IReadOnlyList<Project>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await _contexts.CreateDbContextAsync(cancellationToken);
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
        if (_cache.TryGetValue(slugOrId, out (Project Project, DateTimeOffset ReadAt) cached) && _clock.GetUtcNow() - cached.ReadAt < s_fresh)
        {
            project = cached.Project;
        }
        else
        {
            await using ConsoleDbContext db = await _contexts.CreateDbContextAsync(cancellationToken);
            project =
                id != Guid.Empty
                    ? await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null, cancellationToken)
                    : await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == slugOrId && p.DeletedAt == null, cancellationToken);
            if (project is not null)
            {
                _cache[slugOrId] = (project, _clock.GetUtcNow());
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
        _messages.Send(Topic, $"{slug ?? project.Slug} {project.Id}");
    }
}
