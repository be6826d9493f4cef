using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Layout;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Palette;

/// <summary>What somebody may open and do, as one list. It is a pure function; <see cref="AccessPolicy"/> decides.</summary>
public static class PaletteIndex
{
    // The browser filters the list at every keystroke, so it stays small. IDs find the rest.
    private const int MaxWebhooks = 200;
    private const int MaxProjects = 200;

    /// <param name="project">The project that is shown; null where there is none.</param>
    /// <param name="projects">The projects of the person.</param>
    /// <param name="webhooks">Those of <paramref name="project"/>, if the person may see them.</param>
    public static IReadOnlyList<PaletteItem> Of(Actor person, Project? project, IReadOnlyList<Project> projects, IReadOnlyList<Webhook> webhooks)
    {
        IReadOnlyList<Webhook> listed = [.. webhooks.Take(MaxWebhooks)];
        return
        [
            .. listed.Select(w => Page(project!, w)),
            .. NavPages.Of(person, project).Select(Page),
            Page(new NavPage("Account", "Your account", IconName.User, ConsoleUrls.Profile)),
            Page(new NavPage("Account", "API documentation", IconName.Code, ConsoleUrls.ApiDocs)),
            .. project is null ? [] : new[] { Page(new NavPage("Failures", "Recoveries", IconName.Replay, ConsoleUrls.Recoveries(project.Slug))) },
            .. project is null ? [] : Commands(person, project, listed),
            .. projects.Count < 2
                ? []
                : projects
                    .Take(MaxProjects)
                    .Select(p => new PaletteItem("Projects", p.Name, IconName.Project) { Hint = p.Slug, Href = ConsoleUrls.Overview(p.Slug) }),
            .. ThemeChoices.All.Select(t => new PaletteItem("Theme", t.Text, t.Icon) { Keywords = "appearance mode colour color", Theme = t.Name }),
        ];
    }

    private static PaletteItem Page(Project project, Webhook webhook) =>
        new("Webhooks", webhook.Name, IconName.Webhook)
        {
            Hint = webhook.Url,
            Keywords = $"{webhook.Id} {webhook.EventFilter}",
            Href = ConsoleUrls.Webhook(project.Slug, webhook.Id),
        };

    private static PaletteItem Page(NavPage page) => new("Pages", page.Text, page.Icon) { Keywords = page.Group, Href = page.Href };

    private static IEnumerable<PaletteItem> Commands(Actor person, Project project, IReadOnlyList<Webhook> webhooks)
    {
        bool May(Permission permission) => AccessPolicy.May(person, permission, project.Id);
        PaletteItem Create(string text, string href, string keywords = "new add") =>
            new("Actions", text, IconName.Plus)
            {
                Keywords = keywords,
                Href = href,
                Press = PaletteCommands.Create,
            };

        if (May(Permission.ManageWebhooks))
        {
            yield return Create("Create webhook", ConsoleUrls.Webhooks(project.Slug), "new add endpoint");
        }

        if (May(Permission.ReplayDeliveries))
        {
            yield return new PaletteItem("Actions", "Recover failed deliveries", IconName.Replay)
            {
                Keywords = "retry replay resend many",
                Href = ConsoleUrls.Recoveries(project.Slug),
                Press = PaletteCommands.Recover,
            };
        }

        if (May(Permission.ManageInboxes))
        {
            yield return Create("Create inbox", ConsoleUrls.Inboxes(project.Slug));
        }

        if (May(Permission.ManageTokens))
        {
            yield return Create("Create API token", ConsoleUrls.Tokens(project.Slug));
        }

        if (May(Permission.ManageEventTypes))
        {
            yield return Create("Add event type", ConsoleUrls.EventTypes(project.Slug));
        }

        if (May(Permission.ManageMembers))
        {
            yield return Create("Invite a member", ConsoleUrls.Members(project.Slug));
        }

        if (May(Permission.ManageProjects))
        {
            yield return Create("Create project", ConsoleUrls.Projects);
        }

        foreach (Webhook webhook in webhooks)
        {
            PaletteItem Command(string verb, IconName icon, string press) =>
                new("Actions", $"{verb} {webhook.Name}", icon) { Href = ConsoleUrls.Webhook(project.Slug, webhook.Id), Press = press };
            PaletteItem Open(string verb, IconName icon, string tab) =>
                new("Actions", $"{verb} {webhook.Name}", icon) { Href = ConsoleUrls.Webhook(project.Slug, webhook.Id, tab) };

            yield return Open("Events of", IconName.Events, WebhookTabs.Events);
            yield return Open("Signing secret of", IconName.Key, WebhookTabs.Signing);
            if (May(Permission.ManageWebhooks))
            {
                yield return Command("Test", IconName.Send, PaletteCommands.Test(webhook.Id));
                yield return Command("Edit", IconName.Edit, PaletteCommands.Edit(webhook.Id));
                yield return Command(webhook.Enabled ? "Disable" : "Turn on", IconName.Bolt, PaletteCommands.Toggle(webhook.Id));
            }

            if (May(Permission.RotateSecrets))
            {
                yield return Command("Rotate the secret of", IconName.Rotate, PaletteCommands.Rotate(webhook.Id));
            }

            if (May(Permission.DeleteWebhooks))
            {
                yield return Command("Delete", IconName.Trash, PaletteCommands.Delete(webhook.Id));
            }
        }
    }
}
