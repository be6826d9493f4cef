using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Tokens;

namespace WebhookConsole.Projects;

/// <summary>A project as the list of all projects shows it.</summary>
public sealed record ProjectSummary(Project Project, int Members, int Webhooks);

/// <summary>Creates, renames and deletes projects (specification §1).</summary>
public sealed partial class ProjectService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    ProjectDirectory projects,
    TokenCache tokens,
    AuditLog audit,
    AccessChanges changes,
    TimeProvider clock
)
{
    public const int MaxNameLength = 100;
    public const int MaxSlugLength = 40;

    // These words have, or may get, a special meaning in place of a slug.
    private static readonly string[] s_reserved =
    [
        "account",
        "admin",
        "all",
        "api",
        "health",
        "inbox",
        "installation",
        "new",
        "none",
        "p",
        "settings",
        "setup",
    ];

    /// <summary>All projects, by name.</summary>
    /// <exception cref="RuleException">The actor is not an owner.</exception>
    [Requires(Permission.ManageProjects)]
    public async Task<IReadOnlyList<ProjectSummary>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db
            .Projects.AsNoTracking()
            .Where(p => p.DeletedAt == null)
            .OrderBy(p => p.Name)
            .Select(p => new ProjectSummary(
                p,
                db.ProjectMembers.Count(m => m.ProjectId == p.Id),
                db.Webhooks.Count(w => w.ProjectId == p.Id && w.DeletedAt == null)
            ))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Makes an empty project.</summary>
    /// <param name="slug">Lower-case name in addresses, 1–40 of <c>a-z 0-9 -</c>; it never changes.</param>
    /// <exception cref="RuleException">Forbidden, a wrong name, or a wrong, reserved or taken slug.</exception>
    [Requires(Permission.ManageProjects)]
    public async Task<Project> CreateAsync(Actor actor, string? name, string? slug)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        slug = slug?.Trim() ?? "";
        if (ProblemsOf(name, slug) is { Count: > 0 } errors)
        {
            throw RuleException.Invalid(errors);
        }

        Project made = await work.RunAsync(async db =>
        {
            if (await db.Projects.AnyAsync(p => p.Slug == slug))
            {
                throw RuleException.Invalid("slug", $"There is already a project “{slug}”.");
            }

            DateTimeOffset now = clock.GetUtcNow();
            Project project = new()
            {
                Id = Ids.New(now),
                Slug = slug,
                Name = name!.Trim(),
                CreatedAt = now,
            };
            db.Projects.Add(project);
            audit.Add(db, actor, AuditActions.ProjectCreated, null, TargetOf(project), new { slug });
            return project;
        });
        changes.Publish();
        return made;
    }

    /// <summary>Gives a project another name; its slug, which programs use, stays.</summary>
    /// <exception cref="RuleException">Forbidden, no such project, or a wrong name.</exception>
    [Requires(Permission.ManageProjects)]
    public async Task<Project> RenameAsync(Actor actor, Guid projectId, string? name)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        if (ProblemsOf(name, null) is { Count: > 0 } errors)
        {
            throw RuleException.Invalid(errors);
        }

        Project renamed = await work.RunAsync(async db =>
        {
            Project project = await FindAsync(db, projectId);
            string old = project.Name;
            project.Name = name!.Trim();
            if (project.Name != old)
            {
                audit.Add(db, actor, AuditActions.ProjectUpdated, null, TargetOf(project), new { name = new { old, @new = project.Name } });
            }

            return project;
        });
        projects.Forget(renamed);
        changes.Publish();
        return renamed;
    }

    /// <summary>Deletes a project that has no webhooks: its API tokens, inboxes and memberships end; retention removes its history.</summary>
    /// <exception cref="RuleException">Forbidden, no such project, <c>project_in_use</c> or <c>last_project</c>.</exception>
    [Requires(Permission.ManageProjects)]
    public async Task DeleteAsync(Actor actor, Guid projectId)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        (Project deleted, string slug) = await work.RunAsync(async db =>
        {
            Project project = await FindAsync(db, projectId);
            int webhooks = await db.Webhooks.CountAsync(w => w.ProjectId == projectId && w.DeletedAt == null);
            if (webhooks > 0)
            {
                throw RuleException.Conflict(
                    "project_in_use",
                    $"{project.Name} still has {webhooks} {(webhooks == 1 ? "webhook" : "webhooks")}. Delete {(webhooks == 1 ? "it" : "them")} first."
                );
            }

            if (!await db.Projects.AnyAsync(p => p.Id != projectId && p.DeletedAt == null))
            {
                throw RuleException.Conflict("last_project", "This is the only project. Create another one first.");
            }

            string was = project.Slug;
            project.DeletedAt = clock.GetUtcNow();

            // This frees the slug for a new project; no slug that people choose has a tilde.
            project.Slug = $"{was}~{projectId:n}";
            await ApiTokenService.RevokeAllAsync(db, projectId, project.DeletedAt.Value);
            await db.Inboxes.Where(i => i.ProjectId == projectId).ExecuteDeleteAsync();
            await db.ProjectMembers.Where(m => m.ProjectId == projectId).ExecuteDeleteAsync();
            audit.Add(db, actor, AuditActions.ProjectDeleted, null, TargetOf(project), new { slug = was });
            return (project, was);
        });
        projects.Forget(deleted, slug);
        tokens.Revoked(projectId);
        changes.Publish();
    }

    private static async Task<Project> FindAsync(ConsoleDbContext db, Guid projectId) =>
        await db.Projects.SingleOrDefaultAsync(p => p.Id == projectId && p.DeletedAt == null) ?? throw RuleException.NotFound("project");

    private static AuditTarget TargetOf(Project project) => new("project", project.Id, project.Name);

    /// <summary>What is wrong with the name and the slug of a project, by field.</summary>
    /// <param name="slug">Null for a project that has one already.</param>
    internal static Dictionary<string, string[]> ProblemsOf(string? name, string? slug)
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        if (!ShownName.IsValid(name?.Trim() ?? "", MaxNameLength))
        {
            errors["name"] = ["Enter a name of 1–100 printable characters."];
        }

        if (slug is not null && (slug.Length > MaxSlugLength || !SlugForm().IsMatch(slug)))
        {
            errors["slug"] = ["Use 1–40 lower-case letters, digits and hyphens, without a hyphen at either end."];
        }
        else if (slug is not null && (s_reserved.Contains(slug) || Guid.TryParse(slug, out _)))
        {
            errors["slug"] = [$"“{slug}” has another meaning in addresses. Choose a different one."];
        }

        return errors;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SlugForm();
}
