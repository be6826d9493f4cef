using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>The list of deliveries in a real browser: keys, selection, replay in its row, search, and nothing that moves under the pointer.</summary>
public sealed class HistoryListTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    private const string Rows = "table[data-rows] tbody tr";

    [ChromiumFact]
    public async Task List_ByKeyboard_MovesSelectsReplaysAndOpens()
    {
        SeededConsole console = shared.Console;
        IPage page = await OpenAsync(console, "/p/default/events");

        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(Rows).Nth(0).Locator(".row-link")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        ILocator second = page.Locator(Rows).Nth(1);
        await Expect(second.Locator(".row-link")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Shift+X");
        await Expect(page.GetByText("3 selected")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("selected", new() { Exact = false })).ToHaveCountAsync(0);

        console.Repair();
        ILocator healthy = page.Locator(Rows).Filter(new() { HasText = SeededConsole.Healthy }).First;
        await healthy.Locator(".row-link").FocusAsync();
        await page.Keyboard.PressAsync("r");
        await Expect(healthy.Locator(".row-replay-result")).ToContainTextAsync("200");
        await Expect(healthy.Locator(".row-link")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".panel")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".panel")).ToHaveCountAsync(0);
        await Expect(healthy.Locator(".row-link")).ToBeFocusedAsync();
    }

    [ChromiumFact]
    public async Task List_NewRowsFiltersAndSelection_MoveNothingUnderThePointer()
    {
        SeededConsole console = shared.Console;
        IPage page = await OpenAsync(console, "/p/default/events");
        ILocator third = page.Locator(Rows).Nth(2);
        string href = (await third.Locator(".row-link").GetAttributeAsync("href"))!;
        ILocator same = page.Locator($".row-link[href='{href}']");
        float before = await TopAsync(same);

        for (int i = 0; i < 5; i++)
        {
            await console.PostAsync("alert.opened");
        }

        await Expect(page.GetByText("new deliver").First).ToBeVisibleAsync();
        Assert.Equal(before, await TopAsync(same));

        await third.Locator(".row-check").CheckAsync();
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        Assert.Equal(before, await TopAsync(same));

        ILocator table = page.Locator("table[data-rows]");
        float top = await TopAsync(table);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Status", Exact = true }).SelectOptionAsync("failing");
        await Expect(page.Locator(Rows).Filter(new() { HasText = SeededConsole.Healthy })).ToHaveCountAsync(0);
        Assert.EndsWith("?status=failing", page.Url, StringComparison.Ordinal);
        Assert.Equal(top, await TopAsync(table));
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear all" }).ClickAsync();
        await Expect(page.Locator(Rows).Filter(new() { HasText = SeededConsole.Healthy }).First).ToBeVisibleAsync();
        Assert.Equal(top, await TopAsync(table));
    }

    [ChromiumFact]
    public async Task Search_PayloadValue_AsksForARangeFindsAndTellsWhatItSearched()
    {
        SeededConsole console = shared.Console;
        IPage page = await OpenAsync(console, "/p/default/events");

        await SearchAsync(page, "customer.email = nobody@b.c");
        await Expect(page.GetByText("Choose a time range")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Last hour" }).ClickAsync();
        await Expect(page.GetByText("found no payload in which customer.email is")).ToBeVisibleAsync();

        await SearchAsync(page, "customer.email = a@b.c");
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();

        await SearchAsync(page, "customer.email >= a");
        await Expect(page.GetByText("takes only one '='")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task TimeFilter_AroundNow_IsInTheAddressAndClosesItsPopover()
    {
        SeededConsole console = shared.Console;
        IPage page = await OpenAsync(console, "/p/default/events");

        await page.Locator(".time-button").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.IsAtAsync("**around=**");
        await Expect(page.Locator(".time-filter")).ToBeHiddenAsync();
        await Expect(page.Locator(Rows).First).ToBeVisibleAsync();
        await Expect(page.Locator(".time-button")).ToContainTextAsync("± 10 min");

        await page.Locator(".time-button").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yesterday" }).ClickAsync();
        await Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        Assert.EndsWith("?range=yesterday", page.Url, StringComparison.Ordinal);
    }

    private static async Task SearchAsync(IPage page, string text)
    {
        ILocator search = page.Locator("[data-search]");
        await search.FillAsync(text);
        await search.PressAsync("Enter");
    }

    private static async Task<float> TopAsync(ILocator element) => (await element.BoundingBoxAsync())!.Y;

    private async Task<IPage> OpenAsync(SeededConsole console, string path)
    {
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await page.GotoAsync(path);
        await Expect(page.Locator(Rows).Nth(3)).ToBeVisibleAsync();
        await SeededConsole.ReadyAsync(page);
        return page;
    }
}
