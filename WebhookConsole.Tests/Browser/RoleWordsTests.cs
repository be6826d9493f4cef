using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Every screen as each role sees it: nobody is told to do what they may not, and what is missing says who can.</summary>
public sealed class RoleWordsTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    [ChromiumFact]
    public async Task Screens_EveryRole_TellNobodyToDoWhatTheyMayNot()
    {
        SeededConsole console = shared.Console;
        string webhook = $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Failing]}";
        string[] screens =
        [
            "/p/default",
            "/p/default/events",
            $"/p/default/events/{await console.DeliveryAsync(SeededConsole.Failing, "retrying", "held")}",
            "/p/default/settings/webhooks",
            webhook,
            webhook + "/signing",
            webhook + "/settings",
            $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Off]}",
            "/p/default/inboxes",
        ];
        foreach (Role role in new[] { Role.Viewer, Role.Operator, Role.Admin })
        {
            await console.AddAsync(role);
            IPage page = await Browser.NewPageAsync(console.Url);
            await console.SignInAsync(page, role);
            foreach (string screen in screens)
            {
                await SeededConsole.OpenAsync(page, screen);
                string text = await page.Locator("main").InnerTextAsync();
                string? told = NotFor(role).FirstOrDefault(words => text.Contains(words, StringComparison.Ordinal));
                Assert.True(told is null, $"{role} is told '{told}' on {screen}:\n{text}");
            }

            await page.Context.CloseAsync();
        }
    }

    [ChromiumFact]
    public async Task Missing_BecauseOfTheRole_SaysWhoCan()
    {
        SeededConsole console = shared.Console;
        await console.AddAsync(Role.Viewer);
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page, Role.Viewer);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"See details: {SeededConsole.Failing}" })).ToBeVisibleAsync();
        string webhook = $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Failing]}";
        foreach (
            (string screen, string words) in new[]
            {
                ("/p/default/settings/webhooks", "An operator, admin or owner can create, test and change webhooks."),
                (webhook, "An operator, admin or owner can turn it on."),
                (webhook + "/signing", "An admin or owner can rotate the secret."),
                (webhook + "/settings", "An operator, admin or owner can edit it."),
                ("/p/default/settings/audit", "An admin or owner can open this page"),
                ("/installation", "An owner can open this page"),
            }
        )
        {
            await page.GotoAsync(screen);
            await Expect(page.Locator("main")).ToContainTextAsync(words);
        }

        // Nobody is signed in yet, so the sign-in page says whom to ask.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/account/login");
        await page.GetByText("Forgot your password?").ClickAsync();
        await Expect(page.GetByText("Ask an owner, or an admin of your project, for a password link")).ToBeVisibleAsync();
        await Expect(page.GetByText("webhookconsole user reset-password")).ToBeVisibleAsync();
    }

    private static string[] NotFor(Role role) =>
        role switch
        {
            Role.Viewer =>
            [
                "Fix and turn on",
                "Fix the receiver, press",
                "Turn the webhook on",
                "\nDecide",
                "press Test",
                "Check again",
                "Create one",
                "Rotate Secret",
                "Recover…",
            ],
            Role.Operator => ["Rotate Secret", "Claim the secret for", "Delete webhook"],
            _ => [],
        };
}
