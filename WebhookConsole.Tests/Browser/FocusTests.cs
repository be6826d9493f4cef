using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Where the focus is after a control is gone.</summary>
public sealed class FocusTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    [ChromiumFact]
    public async Task Focus_ButtonOfADialogThatRemovesItself_MovesToTheNextBestInTheDialog()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await SeededConsole.OpenAsync(page, "/p/default/settings/webhooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        ILocator add = dialog.GetByRole(AriaRole.Button, new() { Name = "Add header" });
        await dialog.GetByText("Advanced").ClickAsync();
        await add.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove header 1" }).PressAsync("Enter");

        await Expect(add).ToBeFocusedAsync();
    }
}
