using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Targets;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>Finds the difference between a set-up file and what is stored, and checks it by the rules of the forms.</summary>
public sealed class DeclarationPlanner(
    ProjectDirectory directory,
    ProjectService projects,
    WebhookService webhooks,
    EventTypeService eventTypes,
    IOptions<DeliveryOptions> delivery
)
{
    private readonly TargetPolicy _policy = TargetPolicy.From(delivery.Value);

    /// <param name="actor">Whose change it is going to be.</param>
    /// <param name="prune">Whether to delete the webhooks and event types that a list of the file leaves out.</param>
    internal async Task<DeclarationPlan> PlanAsync(Actor actor, string text, bool prune, CancellationToken cancellationToken)
    {
        List<DocumentProblem> problems = [];
        IReadOnlyList<ProjectDeclaration> wanted = DeclarationReader.Read(text, problems);
        IReadOnlyList<Project> existing = await directory.ListAsync(actor, cancellationToken);
        List<ProjectPlan> plans = [];
        foreach (ProjectDeclaration project in wanted)
        {
            plans.Add(await PlanAsync(actor, project, existing.FirstOrDefault(p => p.Slug == project.Slug), prune, problems, cancellationToken));
        }

        return new DeclarationPlan([.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)], plans);
    }

    private async Task<ProjectPlan> PlanAsync(
        Actor actor,
        ProjectDeclaration wanted,
        Project? existing,
        bool prune,
        List<DocumentProblem> problems,
        CancellationToken cancellationToken
    )
    {
        List<PlannedChange> changes = [];
        List<string> notes = [];
        PlanProject(actor, wanted, existing, changes, problems);
        IReadOnlyList<EventType> types = existing is null ? [] : await eventTypes.ListAsync(actor, existing.Id, cancellationToken);
        foreach (EventTypeDeclaration type in wanted.EventTypes ?? [])
        {
            PlanEventType(actor, type, types.FirstOrDefault(t => t.Name == type.Name), changes, problems);
        }

        IReadOnlyList<Webhook> hooks = existing is null ? [] : await webhooks.ListAsync(actor, existing.Id, cancellationToken);
        List<Webhook> others = wanted.Webhooks is { } named ? [.. hooks.Where(h => !named.Any(w => w.Name == h.Name))] : [];
        List<EventType> otherTypes = wanted.EventTypes is { } listed ? [.. types.Where(t => !t.Seen && !listed.Any(w => w.Name == t.Name))] : [];
        if (prune)
        {
            // Places and names that become free are there for what follows.
            changes.AddRange(others.Select(w => Delete(actor, w)));
            changes.AddRange(otherTypes.Select(t => Delete(actor, t)));
        }
        else if (others.Count + otherTypes.Count > 0)
        {
            IEnumerable<string> names = others.Select(w => $"webhook '{w.Name}'").Concat(otherTypes.Select(t => $"event type '{t.Name}'"));
            notes.Add($"Not in the file, and left as they are (--prune deletes them): {string.Join(", ", names)}.");
        }

        foreach (WebhookDeclaration webhook in wanted.Webhooks ?? [])
        {
            PlanWebhook(actor, webhook, hooks.FirstOrDefault(h => h.Name == webhook.Name), changes, notes, problems);
        }

        return new ProjectPlan(wanted.Slug, existing?.Id ?? Guid.Empty, changes, notes);
    }

    private void PlanProject(Actor actor, ProjectDeclaration wanted, Project? existing, List<PlannedChange> changes, List<DocumentProblem> problems)
    {
        string name = wanted.Name?.Trim() ?? existing?.Name ?? wanted.Slug;
        WebhookFields.Report(problems, wanted.Place, RuleException.Invalid(ProjectService.ProblemsOf(name, existing is null ? wanted.Slug : null)));
        if (existing is null)
        {
            changes.Add(
                new PlannedChange(
                    $"Create project '{wanted.Slug}' with the name '{name}'.",
                    async _ => (await projects.CreateAsync(actor, name, wanted.Slug)).Id
                )
            );
        }
        else if (existing.Name != name)
        {
            changes.Add(
                new PlannedChange(
                    $"Rename project '{wanted.Slug}' from '{existing.Name}' to '{name}'.",
                    async id => (await projects.RenameAsync(actor, id, name)).Id
                )
            );
        }
    }

    private void PlanEventType(Actor actor, EventTypeDeclaration wanted, EventType? existing, List<PlannedChange> changes, List<DocumentProblem> problems)
    {
        EventTypeDraft before = existing is null ? new EventTypeDraft() : EventTypeDraft.Of(existing);
        EventTypeDraft draft = wanted.Edit(before);
        EventType checkedType = new()
        {
            ProjectId = Guid.Empty,
            Name = wanted.Name,
            CreatedAt = default,
        };
        try
        {
            draft.Apply(checkedType);
        }
        catch (RuleException refused)
        {
            WebhookFields.Report(problems, wanted.Place, refused);
            return;
        }

        if (existing is null or { Seen: true })
        {
            changes.Add(
                new PlannedChange(
                    $"Declare event type '{wanted.Name}'.",
                    async id =>
                    {
                        await eventTypes.CreateAsync(actor, id, draft);
                        return id;
                    }
                )
            );
        }
        else if (EventTypeService.FieldsBetween(before, EventTypeDraft.Of(checkedType)) is { Length: > 0 } fields)
        {
            changes.Add(
                new PlannedChange(
                    $"Change event type '{wanted.Name}': {string.Join(", ", fields)}.",
                    async id =>
                    {
                        await eventTypes.UpdateAsync(actor, id, wanted.Name, wanted.Edit, existing.Version);
                        return id;
                    }
                )
            );
        }
    }

    private void PlanWebhook(
        Actor actor,
        WebhookDeclaration wanted,
        Webhook? existing,
        List<PlannedChange> changes,
        List<string> notes,
        List<DocumentProblem> problems
    )
    {
        WebhookDraft before = existing is null ? new WebhookDraft() : WebhookDraft.Of(existing);
        WebhookDraft draft = EditOf(wanted, existing)(before);
        if (existing?.AutoDisabledAt is not null)
        {
            notes.Add($"Webhook '{existing.Name}' was disabled after failures. It stays disabled until somebody enables it in the console.");
        }

        if (existing is not null && draft.Scope != before.Scope)
        {
            WebhookFields.Report(problems, wanted.Place, WebhookDraft.OtherScope());
            return;
        }

        if (existing is not null && before.WordsTo(draft).Count == 0)
        {
            // Rules may have become stricter since; they are for changes.
            return;
        }

        Webhook checkedWebhook = new()
        {
            Id = Guid.Empty,
            ProjectId = Guid.Empty,
            Name = "",
            Url = "",
            CreatedAt = default,
            Headers = existing?.Headers ?? [],
            Enabled = draft.Enabled,
        };
        try
        {
            draft.Apply(checkedWebhook, _policy);
        }
        catch (RuleException refused)
        {
            WebhookFields.Report(problems, wanted.Place, refused);
            return;
        }

        if (existing is null)
        {
            changes.Add(Create(actor, draft, checkedWebhook));
            return;
        }

        if (before.WordsTo(WebhookDraft.Of(checkedWebhook)) is { Count: > 0 } words)
        {
            changes.Add(
                new PlannedChange(
                    $"Change webhook '{existing.Name}': {string.Join("; ", words)}.",
                    async id =>
                    {
                        await webhooks.UpdateAsync(actor, id, existing.Id, EditOf(wanted, existing), existing.Version);
                        return id;
                    }
                )
            );
        }
    }

    // The engine has disabled it, which is a state and no wish: a file that says "enabled" must not enable it at every run.
    private static Func<WebhookDraft, WebhookDraft> EditOf(WebhookDeclaration wanted, Webhook? existing) =>
        existing?.AutoDisabledAt is null ? wanted.Edit : draft => wanted.Edit(draft) with { Enabled = draft.Enabled };

    private static string EventsOf(Webhook webhook) =>
        webhook.Scope == WebhookScope.Operations
            ? webhook.EventFilter.IsAll
                ? "all operational events"
                : $"the operational events {webhook.EventFilter}"
            : webhook.EventFilter.IsAll
                ? "all events"
                : webhook.EventFilter.ToString();

    private PlannedChange Create(Actor actor, WebhookDraft draft, Webhook webhook) =>
        new(
            $"Create webhook '{webhook.Name}' for {EventsOf(webhook)} to {webhook.Url}{(webhook.Enabled ? "" : ", disabled")}.",
            async id =>
            {
                await webhooks.CreateAsync(actor, id, draft, verify: false, secretText: null, leaveToClaim: true);
                return id;
            },
            webhook.Name
        );

    private PlannedChange Delete(Actor actor, Webhook webhook) =>
        new(
            $"Delete webhook '{webhook.Name}': its secrets are destroyed and its pending deliveries cancelled.",
            async id =>
            {
                await webhooks.DeleteAsync(actor, id, webhook.Id);
                return id;
            }
        );

    private PlannedChange Delete(Actor actor, EventType type) =>
        new(
            $"Delete event type '{type.Name}'.",
            async id =>
            {
                await eventTypes.DeleteAsync(actor, id, type.Name);
                return id;
            }
        );
}
