using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// Every page and dialog in both themes, wide and on a phone: axe finds nothing serious, and nothing is wider than the window. A picture
/// of each goes to <c>screenshots/screens</c> of the test output, where pictures are wanted.
/// </summary>
public sealed class ScreensTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    private const int Wide = 1440;
    private const int Phone = 390;
    private const string Opened = ".rz-dialog, dialog[open], .menu:popover-open";

    private readonly List<string> _wrong = [];

    [ChromiumFact]
    public async Task Pages_BothThemesWideAndNarrow_AreAccessible()
    {
        SeededConsole console = shared.Console;
        await console.AddAsync(Role.Operator);
        IPage page = await Browser.NewPageAsync(console.Url, width: Wide);
        await console.SignInAsync(page);
        foreach (ConsoleScreen screen in await ConsoleScreens.PagesAsync(console, page))
        {
            await SeededConsole.GoAsync(page, screen.Address);
            await LookAsync(page, screen);
        }

        foreach (ConsoleScreen screen in ConsoleScreens.Static)
        {
            await page.GotoAsync(screen.Address);
            await LookAsync(page, screen);
        }

        IPage stranger = await Browser.NewPageAsync(console.Url, width: Wide);
        foreach (ConsoleScreen screen in ConsoleScreens.SignedOut)
        {
            await stranger.GotoAsync(screen.Address);
            await (screen.Open?.Invoke(stranger) ?? Task.CompletedTask);
            await LookAsync(stranger, screen);
        }

        Assert.True(_wrong.Count == 0, string.Join(Environment.NewLine, _wrong));
    }

    [ChromiumFact]
    public async Task Dialogs_BothThemesWideAndNarrow_AreAccessible()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url, width: Wide);
        await console.SignInAsync(page);
        foreach (ConsoleScreen screen in ConsoleScreens.Dialogs(console))
        {
            await SeededConsole.GoAsync(page, screen.Address);
            await screen.Open!(page);
            await page.Locator(Opened).First.WaitForAsync();
            await LookAsync(page, screen, Opened);
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator(Opened)).ToHaveCountAsync(0);
        }

        Assert.True(_wrong.Count == 0, string.Join(Environment.NewLine, _wrong));
    }

    // The page behind a dialog is checked once with it; in the other theme and on a phone, it is checked as a page of its own.
    private async Task LookAsync(IPage page, ConsoleScreen screen, string place = "html")
    {
        foreach (
            (int width, ColorScheme scheme, string suffix) in new[]
            {
                (Wide, ColorScheme.Light, "light"),
                (Wide, ColorScheme.Dark, "dark"),
                (Phone, ColorScheme.Dark, "phone-dark"),
                (Phone, ColorScheme.Light, "phone"),
            }
        )
        {
            await page.SetViewportSizeAsync(width, width == Phone ? 844 : 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            bool first = width == Wide && scheme == ColorScheme.Light;
            string[] findings = await Accessibility.FindAsync(page, scheme == ColorScheme.Dark, width == Phone, first ? "html" : place);
            _wrong.AddRange(findings.Select(f => $"{screen.Name}, {suffix}: {f}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") is > 0 and int over)
            {
                _wrong.Add($"{screen.Name}, {suffix}: {over} px wider than the window.");
            }

            await Screenshots.SaveAsync(page, $"screens/{screen.Name}-{suffix}");
        }

        await page.SetViewportSizeAsync(Wide, 900);
    }
}
