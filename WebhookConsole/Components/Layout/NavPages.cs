using WebhookConsole.Components.Controls;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Layout;

/// <summary>A page that the navigation and the palette lead to.</summary>
/// <param name="Group">The navigation heading it appears under; empty for the first pages.</param>
public sealed record NavPage(string Group, string Text, IconName Icon, string Href)
{
    /// <summary>True when pages below the address do not belong to it.</summary>
    public bool Exact { get; init; }

    public string? Shortcut { get; init; }

    /// <summary>Null for what every member of the project sees.</summary>
    public Permission? Permission { get; init; }
}

/// <summary>The pages of the console, and who sees each of them.</summary>
public static class NavPages
{
    /// <param name="project">Null when none is shown; only the pages of the installation are listed then.</param>
    public static IEnumerable<NavPage> Of(Actor person, Project? project) => Of(person, project?.Slug, project?.Id);

    /// <param name="slug">Slug of the project in the address.</param>
    /// <param name="projectId">Null until the project is known; until then, nothing that needs a permission in it is listed.</param>
    public static IEnumerable<NavPage> Of(Actor? person, string? slug, Guid? projectId) =>
        (slug is null ? OfInstallation : [.. OfProject(slug), .. OfInstallation]).Where(p =>
            p.Permission is not { } permission || May(person, permission, projectId)
        );

    private static IReadOnlyList<NavPage> OfInstallation { get; } =
    [
        new("For owners", "Projects", IconName.Project, ConsoleUrls.Projects) { Permission = Permission.ManageInstallation },
        new("For owners", "People", IconName.User, ConsoleUrls.People) { Permission = Permission.ManageInstallation },
        new("For owners", "Installation", IconName.Server, ConsoleUrls.Installation) { Permission = Permission.ManageInstallation, Exact = true },
    ];

    private static IEnumerable<NavPage> OfProject(string slug) =>
        [
            new("", "Overview", IconName.Overview, ConsoleUrls.Overview(slug)) { Exact = true, Shortcut = Shortcuts.Overview },
            new("", "Events", IconName.Events, ConsoleUrls.Events(slug)) { Shortcut = Shortcuts.Events },
            new("Settings", "Webhooks", IconName.Webhook, ConsoleUrls.Webhooks(slug)) { Shortcut = Shortcuts.Webhooks },
            new("Settings", "Event types", IconName.EventType, ConsoleUrls.EventTypes(slug)) { Permission = Permission.ManageEventTypes },
            new("Settings", "API tokens", IconName.Key, ConsoleUrls.Tokens(slug)) { Permission = Permission.ManageTokens },
            new("Settings", "Members", IconName.People, ConsoleUrls.Members(slug)) { Permission = Permission.ManageMembers },
            new("Settings", "Audit log", IconName.Audit, ConsoleUrls.Audit(slug)) { Permission = Permission.ViewAudit },
            new("Tools", "Inbox", IconName.Inbox, ConsoleUrls.Inboxes(slug)) { Shortcut = Shortcuts.Inbox },
            new("Tools", "Verifier", IconName.Verifier, ConsoleUrls.Verifier(slug)),
        ];

    private static bool May(Actor? person, Permission permission, Guid? projectId) =>
        person is not null && (AccessPolicy.IsOfInstallation(permission) || projectId is not null) && AccessPolicy.May(person, permission, projectId);
}
