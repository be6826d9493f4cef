using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Ctrl+K, the keys and the theme, in a real browser.</summary>
public sealed class PaletteTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    [ChromiumFact]
    public async Task Palette_KeysAlone_FindsOpensAndPresses()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        ILocator palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Search and commands" });
        ILocator options = palette.GetByRole(AriaRole.Option);

        // A webhook by the beginning of its name; the keys come faster than any answer.
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("bill");
        await Expect(palette.GetByRole(AriaRole.Combobox)).ToHaveValueAsync("bill");
        await Expect(options.First).ToContainTextAsync(SeededConsole.Failing);
        await Expect(palette.GetByRole(AriaRole.Status)).ToContainTextAsync("result");
        await page.Keyboard.PressAsync("Enter");
        await ExpectHeadingAsync(page, SeededConsole.Failing);
        await Expect(palette).ToBeHiddenAsync();

        // Esc closes and gives the focus back.
        await page.GetByRole(AriaRole.Link, new() { Name = "Signing", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(options.First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(palette).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Signing", Exact = true })).ToBeFocusedAsync();

        // Ids of every kind, and the beginning of one.
        Guid delivery = await console.DeliveryAsync(SeededConsole.Healthy, "succeeded");
        System.Text.Json.JsonElement found = await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<System.Text.Json.JsonElement>(
            console.Api,
            $"deliveries/{delivery}"
        );
        string request = found.GetProperty("attempts")[0].GetProperty("requestId").GetString()!;
        foreach (string id in new[] { delivery.ToString(), request, delivery.ToString()[..23] })
        {
            await SearchAsync(page, id);
            await Expect(options.First).ToContainTextAsync("Delivery of");
            await page.Keyboard.PressAsync("Enter");
            await page.IsAtAsync($"**/events/{delivery}*");
        }

        await SearchAsync(page, found.GetProperty("eventId").GetString()!);
        await Expect(options.First).ToContainTextAsync("Deliveries of this");
        await page.Keyboard.PressAsync("Enter");
        await page.IsAtAsync("**/events?q=*");
        await SearchAsync(page, Guid.CreateVersion7().ToString());
        await Expect(palette).ToContainTextAsync("Nothing found");
        await page.Keyboard.PressAsync("Escape");

        // An action presses the page's own button.
        await SearchAsync(page, "rotate slack");
        await Expect(options.First).ToContainTextAsync($"Rotate the secret of {SeededConsole.Healthy}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".rz-dialog")).ToContainTextAsync("Rotate");
        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".rz-dialog")).ToHaveCountAsync(0);

        // Arrows go round, and what was opened last comes first.
        await page.Keyboard.PressAsync("Control+k");
        await Expect(palette.GetByText("Recent")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(options.Last).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
    }

    [ChromiumFact]
    public async Task Palette_Viewer_IsOfferedNothingThatTheyMayNot()
    {
        SeededConsole console = shared.Console;
        await console.AddAsync(Role.Viewer);
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page, Role.Viewer);
        ILocator palette = page.GetByRole(AriaRole.Dialog, new() { Name = "Search and commands" });
        foreach (string verb in new[] { "rotate the", "delete", "create", "edit", "disable", "audit" })
        {
            await SearchAsync(page, verb);
            await Expect(palette).ToContainTextAsync("Nothing found");
            await page.Keyboard.PressAsync("Escape");
        }
    }

    [ChromiumFact]
    public async Task Keys_TypingOrTurnedOff_DoNothing()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await SeededConsole.OpenAsync(page, $"/p/default/settings/webhooks/{console.Webhooks[SeededConsole.Healthy]}");
        await page.Keyboard.PressAsync("]");
        await page.IsAtAsync("**/events");
        await page.Keyboard.PressAsync("[");
        await page.IsAtAsync($"**/{console.Webhooks[SeededConsole.Healthy]}");

        await SeededConsole.OpenAsync(page, "/p/default/events");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("g w ? [ ]");
        await Expect(page.Locator("[data-search]")).ToHaveValueAsync("g w ? [ ]");
        await page.Locator("main h1").EvaluateAsync("h => { h.tabIndex = -1; h.focus(); }");

        // Leaving the field searches, and a dialog closes when the address changes.
        await page.IsAtAsync("**/events?*");
        await page.Keyboard.PressAsync("?");
        ILocator help = page.Locator(".rz-dialog");
        await Expect(help).ToContainTextAsync("Previous or next tab");

        // Escape works once the dialog has the focus, which comes a message later than its text.
        await Expect(help.GetByLabel("Use shortcuts without Ctrl")).ToBeFocusedAsync();
        await help.GetByLabel("Use shortcuts without Ctrl").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(help).ToHaveCountAsync(0);
        await page.Locator("main h1").EvaluateAsync("h => h.focus()");
        await page.Keyboard.PressAsync("?");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("[data-search]")).Not.ToBeFocusedAsync();
        await Expect(help).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Search and commands" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Theme_Chosen_IsThereAtTheFirstPaintOfEveryPage()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url, ColorScheme.Light);

        // On the sign-in page, before anybody is known.
        await page.GotoAsync("/account/login");
        string light = await GroundAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(page.Locator("body")).Not.ToHaveCSSAsync("background-color", light);
        string dark = await GroundAsync(page);
        await console.SignInAsync(page);
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", dark);
        await page.GotoAsync("/docs");
        Assert.Equal(dark, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));

        // What the browser would paint before any other script has run.
        await page.Context.AddInitScriptAsync(
            "new MutationObserver((_, o) => { if (document.body) { window.firstTheme = document.documentElement.dataset.theme; o.disconnect(); } }).observe(document, { childList: true, subtree: true })"
        );
        foreach (string address in new[] { "/p/default", "/docs", "/account/profile", "/account/login" })
        {
            await page.GotoAsync(address);
            Assert.Equal("dark", await page.EvaluateAsync<string>("window.firstTheme"));
        }

        // The menu marks it, and "system" goes back.
        await SeededConsole.OpenAsync(page, "/p/default");
        await page.GetByRole(AriaRole.Button, new() { Name = "your account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitemradio, new() { Name = "Dark theme" })).ToHaveAttributeAsync("aria-checked", "true");
        await page.GetByRole(AriaRole.Menuitemradio, new() { Name = "System theme" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", light);
        await page.ReloadAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", light);
    }

    private static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task SearchAsync(IPage page, string text)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search webhooks" }).FillAsync(text);
    }

    private static Task ExpectHeadingAsync(IPage page, string name) =>
        Expect(page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 })).ToBeVisibleAsync();
}
