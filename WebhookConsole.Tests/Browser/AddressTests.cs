using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Addresses that somebody shortened or mistyped still show their page, and what is copied off the screen is what it says.</summary>
public sealed class AddressTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    [ChromiumFact]
    public async Task Address_WithAValueThatCannotBeRead_ShowsThePageAndSaysSo()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage page = await browser.NewPageAsync(console.Url);
        string inbox = await CreateInboxAsync(page);

        await ExpectIgnoredAsync(page, "/p/default/settings/audit?before=x", "Audit log", "before");
        await ExpectIgnoredAsync(page, $"{inbox}?request=x", "Warehouse", "request");
        await ExpectIgnoredAsync(page, "/p/default/events?status=x&since=y&cursor=%3F", "Events", "since, cursor, status");

        // One that could be a cursor, and is none of this list.
        await page.GotoAsync("/p/default/events?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Events", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByText("The deliveries could not be loaded")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(page.GetByText("No events yet")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Address_OfNothing_KeepsTheWholeNavigationOfAProject()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage page = await browser.NewPageAsync(console.Url);
        await CreateInboxAsync(page);

        foreach (string address in new[] { "/p/default/nothing-here", "/p/default/events/no-id", "/p/nobody-has-this", "/p/nobody-has-this/nothing-here" })
        {
            await page.GotoAsync(address);
            await Expect(page.GetByText("There is nothing at this address")).ToBeVisibleAsync();
            ILocator navigation = page.GetByRole(AriaRole.Navigation, new() { Name = "Console" });
            await Expect(navigation.GetByRole(AriaRole.Link, new() { Name = "API tokens" })).ToHaveAttributeAsync("href", "/p/default/settings/tokens");
            await Expect(page.Locator("aside .project-name")).ToHaveTextAsync("Default");
        }
    }

    [ChromiumFact]
    public async Task CopyableText_Selected_IsItsValueInOneLine()
    {
        await using ConsoleProcess console = await StartAsync();
        IPage page = await browser.NewPageAsync(console.Url);
        await CreateInboxAsync(page);

        ILocator address = page.Locator(".copyable-text").First;
        string value = (await page.Locator(".copyable").First.GetAttributeAsync("title"))!;
        Assert.StartsWith(console.Url.AbsoluteUri, value);
        Assert.Equal(value, await SelectAsync(address));
        Assert.True(await page.Locator(".copyable-head").First.EvaluateAsync<bool>("e => e.scrollWidth <= e.clientWidth"), "cut although there is room");

        // Where there is no room for all of it.
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(value, await SelectAsync(address));
    }

    private static Task<ConsoleProcess> StartAsync() =>
        ConsoleProcess.StartBuildAsync(new() { ["Setup__OwnerEmail"] = Email, ["Setup__OwnerPassword"] = Password });

    /// <returns>Path of its page.</returns>
    private static async Task<string> CreateInboxAsync(IPage page)
    {
        await page.GotoAsync("/account/login?returnUrl=/p/default/inboxes");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Warehouse");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Warehouse", Level = 1 })).ToBeVisibleAsync();
        return new Uri(page.Url).AbsolutePath;
    }

    private static async Task ExpectIgnoredAsync(IPage page, string address, string heading, string names)
    {
        await page.GotoAsync(address);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".callout")).ToContainTextAsync($"cannot be read and was ignored: {names}");
    }

    private static async Task<string> SelectAsync(ILocator text) =>
        await text.EvaluateAsync<string>("e => { getSelection().selectAllChildren(e); return getSelection().toString(); }");
}
