using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Projects;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>Set-up as a file (specification §13): projects, event types and webhooks, without secrets, for teams that keep it in git.</summary>
public sealed class DeclarationService(
    UnitOfWork work,
    DeclarationPlanner planner,
    ProjectDirectory directory,
    WebhookService webhooks,
    EventTypeService eventTypes
)
{
    /// <summary>What applying a file would change.</summary>
    /// <param name="prune">Whether to delete the webhooks and event types that a list of the file leaves out.</param>
    [Requires(Permission.ManageProjects)]
    public Task<DeclarationPlan> PlanAsync(Actor actor, string text, bool prune, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        return planner.PlanAsync(actor, text, prune, cancellationToken);
    }

    /// <summary>Makes the changes of a project in one transaction, each by its own service with its rules and its audit entry.</summary>
    /// <exception cref="RuleException">A change is refused, or somebody has changed the same thing since the plan; nothing was changed.</exception>
    [Requires(Permission.ManageProjects)]
    public Task ApplyAsync(Actor actor, ProjectPlan plan, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        return work.TogetherAsync(
            async () =>
            {
                Guid projectId = plan.ProjectId;
                foreach (PlannedChange change in plan.Changes)
                {
                    projectId = await change.RunAsync(projectId);
                }
            },
            cancellationToken
        );
    }

    /// <summary>A set-up file of what is stored; applying it changes nothing.</summary>
    /// <param name="slug">Only this project; null for all.</param>
    /// <exception cref="RuleException">No such project.</exception>
    [Requires(Permission.ManageProjects)]
    public async Task<string> ExportAsync(Actor actor, string? slug, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageProjects);
        IReadOnlyList<Project> projects = slug is null
            ? await directory.ListAsync(actor, cancellationToken)
            : [await directory.FindAsync(actor, slug, cancellationToken)];
        using DeclarationWriter writer = new();
        foreach (Project project in projects)
        {
            writer.Write(
                project,
                await eventTypes.ListAsync(actor, project.Id, cancellationToken),
                await webhooks.ListAsync(actor, project.Id, cancellationToken)
            );
        }

        return writer.End();
    }
}
