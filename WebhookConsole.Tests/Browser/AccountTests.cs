using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>The first minutes: set up, sign out, sign in.</summary>
public sealed class AccountTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    [ChromiumFact]
    public async Task FirstRun_SetUpSignOutSignIn_EndsInTheConsole()
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync();
        IPage page = await browser.NewPageAsync(console.Url);

        await page.GotoAsync("/");
        await page.IsAtAsync("**/setup");
        await page.GotoAsync(new Uri(await console.SetupLinkAsync()).PathAndQuery);
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("short");
        await page.GetByLabel("Repeat the password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create owner" }).ClickAsync();
        await Assertions.Expect(page.GetByText("at least 12").First).ToBeVisibleAsync();

        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Repeat the password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create owner" }).ClickAsync();
        await page.IsAtAsync("**/p/default");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "your account" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await page.IsAtAsync("**/account/login**");

        await page.GotoAsync("/p/default/settings/webhooks");
        await page.IsAtAsync("**/account/login?returnUrl=*");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("not this one at all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.IsAtAsync("**/p/default/settings/webhooks");

        await page.GotoAsync("/setup");
        await Assertions.Expect(page.GetByText("WebhookConsole is set up").First).ToBeVisibleAsync();
    }
}
