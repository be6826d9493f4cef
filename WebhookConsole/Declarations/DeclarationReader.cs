using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Declarations;

/// <summary>Reads a set-up file (docs/operations.md, "Set-up as a file").</summary>
internal static class DeclarationReader
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int Version = 1;

    private static readonly string[] s_root = ["version", "projects"];
    private static readonly string[] s_project = ["slug", "name", "eventTypes", "webhooks"];
    private static readonly string[] s_eventType = ["name", "description", "example", "deprecated"];

    /// <param name="problems">Takes everything that is wrong with it; the result is of no use then.</param>
    public static IReadOnlyList<ProjectDeclaration> Read(string text, List<DocumentProblem> problems)
    {
        if (!DocumentReader.TryRead(text, out DocumentNode? root, out DocumentProblem? problem))
        {
            problems.Add(problem);
            return [];
        }

        MapReader map = new(root, "a set-up file", s_root, problems);
        if (!map.Has("version") || map.Number("version") is not (Version or null))
        {
            map.Report(map.Place("version"), $"Write 'version: {Version}'; this version of WebhookConsole reads no other.");
        }

        List<ProjectDeclaration> projects = [.. (map.List("projects") ?? []).Select(p => ReadProject(p, problems)).OfType<ProjectDeclaration>()];
        if (!map.Has("projects"))
        {
            map.Report(root, "'projects' is missing.");
        }

        DemandDifferent(projects, p => p.Slug, p => p.Place["slug"]!, "slug", problems);
        return projects;
    }

    private static ProjectDeclaration? ReadProject(DocumentNode node, List<DocumentProblem> problems)
    {
        MapReader map = new(node, "a project", s_project, problems);
        string? slug = map.Required("slug");
        List<EventTypeDeclaration>? types = map.List("eventTypes")?.Select(t => ReadEventType(t, problems)).OfType<EventTypeDeclaration>().ToList();
        List<WebhookDeclaration>? webhooks = map.List("webhooks")?.Select(w => ReadWebhook(w, problems)).OfType<WebhookDeclaration>().ToList();
        DemandDifferent(types ?? [], t => t.Name, t => t.Place["name"]!, "event type", problems);
        DemandDifferent(webhooks ?? [], w => w.Name, w => w.Place["name"]!, "webhook", problems);
        return slug is null
            ? null
            : new ProjectDeclaration
            {
                Slug = slug,
                Name = map.Text("name"),
                EventTypes = types,
                Webhooks = webhooks,
                Place = node,
            };
    }

    private static EventTypeDeclaration? ReadEventType(DocumentNode node, List<DocumentProblem> problems)
    {
        MapReader map = new(node, "an event type", s_eventType, problems);
        string? name = map.Required("name");
        if (name is not null && !EventTypeName.IsValid(name))
        {
            map.Report(map.Place("name"), EventTypeName.Rule);
        }

        string? description = map.Text("description");
        bool? deprecated = map.Flag("deprecated");
        DocumentNode? example = node["example"];
        if (example is { Kind: NodeKind.List or NodeKind.Map, Text: null })
        {
            map.Report(example, "Write the example as JSON.");
        }

        return name is null
            ? null
            : new EventTypeDeclaration(
                name,
                node,
                draft =>
                    draft with
                    {
                        Name = name,
                        Description = map.Has("description") ? description : draft.Description,
                        Example = example is null ? draft.Example : example.Text,
                        Deprecated = deprecated ?? draft.Deprecated,
                    }
            );
    }

    private static WebhookDeclaration? ReadWebhook(DocumentNode node, List<DocumentProblem> problems)
    {
        MapReader map = new(node, "a webhook", WebhookFields.Names, problems);
        string? name = map.Required("name")?.Trim();
        Func<WebhookDraft, WebhookDraft> edit = WebhookFields.Read(map);
        return name is null ? null : new WebhookDeclaration(name, node, edit);
    }

    private static void DemandDifferent<T>(
        IReadOnlyList<T> all,
        Func<T, string> nameOf,
        Func<T, DocumentNode> placeOf,
        string what,
        List<DocumentProblem> problems
    )
    {
        foreach (T again in all.GroupBy(nameOf, StringComparer.Ordinal).SelectMany(g => g.Skip(1)))
        {
            DocumentNode at = placeOf(again);
            problems.Add(new DocumentProblem(at.Line, at.Column, $"There is another {what} '{OutsideText.Excerpt(nameOf(again))}' above."));
        }
    }
}
