using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>The Installation page, and what a person sees who has too many pages open.</summary>
public sealed class InstallationTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    [ChromiumFact]
    public async Task Installation_OwnerWithOnePageTooMany_ReadsItAndIsToldWhy()
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new()
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Console__MaxCircuitsPerUser"] = "1",
            }
        );
        IPage page = await browser.NewPageAsync(console.Url);
        await page.GotoAsync("/account/login?returnUrl=/installation");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Installation", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("The outbound guard is open")).ToBeVisibleAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Installation" }))
            .ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Delivery:AllowedNetworks", new() { Exact = true })).ToBeVisibleAsync();

        IPage second = await page.Context.NewPageAsync();
        await second.GotoAsync("/p/default");
        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Too many open pages" })).ToBeVisibleAsync();
        await Assertions.Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("one person may have 1");

        // The first goes on; once it is closed there is room.
        await page.CloseAsync();
        await Eventually.TrueAsync(async () =>
        {
            await second.ReloadAsync();
            await second.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
            return await second.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 }).IsVisibleAsync();
        });
    }
}
