using Microsoft.Playwright;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Browser;

/// <summary>A page of the console, or a dialog on it.</summary>
/// <param name="Name">For pictures.</param>
/// <param name="Open">Opens the dialog; null for the page itself.</param>
public sealed record ConsoleScreen(string Name, string Address, Func<IPage, Task>? Open = null);

/// <summary>Every page and dialog of the console with something to show. What is new belongs here, so that it is looked at, pressed and photographed.</summary>
public static class ConsoleScreens
{
    public static async Task<IReadOnlyList<ConsoleScreen>> PagesAsync(SeededConsole console, IPage page)
    {
        string inbox = await CreateInboxAsync(page);
        string webhook = $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Healthy]}";
        Guid delivered = await console.DeliveryAsync(SeededConsole.Healthy, "succeeded");
        Guid held = await console.DeliveryAsync(SeededConsole.Failing, "held", "retrying");
        return
        [
            new("overview", "/p/default"),
            new("events", "/p/default/events"),
            new("events-nothing", "/p/default/events?q=nothing-is-called-this"),
            new("delivery", $"/p/default/events/{delivered}"),
            new("delivery-failed", $"/p/default/events/{held}"),
            new("delivery-full", $"/p/default/events/{held}/full"),
            new("recoveries", "/p/default/recoveries"),
            new("webhooks", "/p/default/settings/webhooks"),
            new("webhooks-events", "/p/default/settings/webhooks/events"),
            new("webhook", webhook),
            new("webhook-events", webhook + "/events"),
            new("webhook-signing", webhook + "/signing"),
            new("webhook-settings", webhook + "/settings"),
            new("webhook-activity", webhook + "/activity"),
            new("webhook-err", $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Failing]}"),
            new("webhook-off", $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Off]}"),
            new("event-types", "/p/default/settings/event-types"),
            new("event-type", "/p/default/settings/event-types/order.created"),
            new("tokens", "/p/default/settings/tokens"),
            new("members", "/p/default/settings/members"),
            new("audit", "/p/default/settings/audit"),
            new("inboxes", "/p/default/inboxes"),
            new("inbox", inbox),
            new("verifier", "/p/default/verifier"),
            new("projects", "/installation/projects"),
            new("people", "/installation/people"),
            new("installation", "/installation"),
        ];
    }

    /// <summary>Pages without a circuit.</summary>
    public static IReadOnlyList<ConsoleScreen> Static { get; } =
    [new("docs", "/docs"), new("profile", "/account/profile"), new("two-factor", "/account/profile/two-factor")];

    /// <summary>Pages for people who are not signed in.</summary>
    public static IReadOnlyList<ConsoleScreen> SignedOut { get; } =
    [
        new("sign-in", "/account/login", page => page.GetByText("Forgot your password?").ClickAsync()),
        new("reset", "/account/reset"),
        new("join", "/account/join"),
        new("set-up", "/setup"),
    ];

    public static IReadOnlyList<ConsoleScreen> Dialogs(SeededConsole console)
    {
        string webhook = $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Healthy]}";
        return
        [
            new(
                "create-webhook",
                "/p/default/settings/webhooks",
                async p =>
                {
                    await PressAsync(p, "Create Webhook");
                    await p.Locator(".rz-dialog details > summary").First.ClickAsync();
                }
            ),
            new("edit-webhook", webhook, p => PressAsync(p, $"Edit {SeededConsole.Healthy}")),
            new("test", webhook, p => PickAsync(p, "Test with")),
            new("rotate", webhook, p => PickAsync(p, "Rotate Secret")),
            new("delete-webhook", webhook, p => PickAsync(p, "Delete")),
            new("held", $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Failing]}", p => p.GetByRole(AriaRole.Switch).First.ClickAsync()),
            new("create-token", "/p/default/settings/tokens", p => PressAsync(p, "Create token")),
            new("add-event-type", "/p/default/settings/event-types", p => PressAsync(p, "Add event type")),
            new("invite", "/p/default/settings/members", p => PressAsync(p, "Invite person")),
            new("create-inbox", "/p/default/inboxes", p => PressAsync(p, "Create inbox")),
            new("new-project", "/installation/projects", p => PressAsync(p, "New project")),
            new(
                "palette",
                "/p/default",
                async p =>
                {
                    await p.Keyboard.PressAsync("Control+k");
                    await p.GetByRole(AriaRole.Option).First.WaitForAsync();
                }
            ),
            new(
                "keys",
                "/p/default",
                async p =>
                {
                    await p.Locator("main h1").EvaluateAsync("h => { h.tabIndex = -1; h.focus(); }");
                    await p.Keyboard.PressAsync("?");
                }
            ),
            new("account-menu", "/p/default", p => p.GetByRole(AriaRole.Button, new() { Name = "your account" }).ClickAsync()),
        ];
    }

    private static Task PressAsync(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name }).First.ClickAsync();

    private static async Task PickAsync(IPage page, string item)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "More actions for" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = item }).First.ClickAsync();
    }

    private static async Task<string> CreateInboxAsync(IPage page)
    {
        await SeededConsole.OpenAsync(page, "/p/default/inboxes");
        await PressAsync(page, "Create inbox");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Trial");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).ClickAsync();
        await page.IsAtAsync("**/inboxes/*");
        await SeededConsole.ReadyAsync(page);
        string address = (await page.Locator("[data-copy*='/inbox/']").First.GetAttributeAsync("data-copy"))!;
        using HttpClient sender = new(new SocketsHttpHandler());
        using StringContent body = new("""{"hello":"inbox"}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage sent = await sender.PostAsync(address, body);
        Assert.True(sent.IsSuccessStatusCode);
        return new Uri(page.Url).AbsolutePath;
    }
}
