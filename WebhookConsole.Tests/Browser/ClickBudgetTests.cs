using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>How many clicks an answer takes from the overview (specification §11). Every click is a real one and is counted; typing is not needed.</summary>
public sealed class ClickBudgetTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    [ChromiumFact]
    public async Task Budget_WhyAnEndpointFails_TwoClicks()
    {
        SeededConsole console = shared.Console;
        Clicks person = await StartAsync(console);
        await person.PressAsync(person.Page.GetByRole(AriaRole.Link, new() { Name = $"Fix and turn on: {SeededConsole.Failing}" }));
        ILocator main = person.Page.Locator("main");
        await Expect(main).ToContainTextAsync("[ERR]");

        // What the receiver said is on the page, not only that it failed.
        await Expect(main).ToContainTextAsync("Cannot read properties of undefined");
        person.AtMost(2);
    }

    [ChromiumFact]
    public async Task Budget_ProveWhatWasSent_ThreeClicks()
    {
        SeededConsole console = shared.Console;
        Clicks person = await StartAsync(console);
        await person.PressAsync(person.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "order.created" }).First);
        await Expect(person.Page.GetByText("Delivery ID")).ToBeVisibleAsync();
        IPage evidence = await person.Page.Context.RunAndWaitForPageAsync(() =>
            person.PressAsync(person.Page.GetByRole(AriaRole.Link, new() { Name = "Evidence" }).First)
        );
        await Expect(evidence.GetByText("SHA-256").First).ToBeVisibleAsync();
        await Expect(evidence.Locator("body")).ToContainTextAsync("ord_1001");

        person.AtMost(3);
    }

    [ChromiumFact]
    public async Task Budget_VerifyASignature_TwoClicks()
    {
        SeededConsole console = shared.Console;
        Clicks person = await StartAsync(console);
        ILocator arrived = person.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Succeeded" });
        await person.PressAsync(arrived.GetByRole(AriaRole.Link, new() { Name = "order.created" }).First);
        await Expect(person.Page.GetByText("Delivery ID")).ToBeVisibleAsync();
        await person.PressAsync(person.Page.GetByRole(AriaRole.Link, new() { Name = "Check with Verifier" }).First);
        await Expect(person.Page.Locator("main")).ToContainTextAsync("valid", new() { IgnoreCase = true });
        person.AtMost(2);
    }

    [ChromiumFact]
    public async Task Budget_RecoverFailures_ThreeClicks()
    {
        SeededConsole console = shared.Console;
        console.Break();
        await console.CreateWebhookAsync("Warehouse", "/fail/warehouse", new { retrySchedule = "none", eventTypes = new[] { "stock.*" } });
        await console.PostAsync("stock.changed");
        await console.DeliveryAsync("Warehouse", "failed");
        console.Repair();
        Clicks person = await StartAsync(console);
        await person.PressAsync(person.Page.GetByRole(AriaRole.Link, new() { Name = "Recover deliveries of Warehouse" }));
        ILocator dialog = person.Page.Locator(".rz-dialog");
        await Expect(dialog).ToBeVisibleAsync();
        await person.PressAsync(dialog.Locator("button[type=submit], .btn-primary").Last);
        await console.DeliveryAsync("Warehouse", "succeeded");
        person.AtMost(3);
    }

    [ChromiumFact]
    public async Task Budget_RotateASecret_SixClicks()
    {
        SeededConsole console = shared.Console;
        Clicks person = await StartAsync(console);
        await person.PressAsync(
            person.Page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Webhooks", Exact = true })
        );
        await person.PressAsync(person.Page.GetByRole(AriaRole.Button, new() { Name = $"More actions for {SeededConsole.Healthy}" }));
        await person.PressAsync(person.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rotate Secret" }));
        await person.PressAsync(person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate" }).Last);
        ILocator field = person.Page.GetByLabel($"Signing secret of {SeededConsole.Healthy}");
        await Expect(field).Not.ToHaveValueAsync("");
        await person.PressAsync(person.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Copy" }));
        await person.PressAsync(person.Page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }));
        await Expect(person.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        person.AtMost(6);
    }

    private async Task<Clicks> StartAsync(SeededConsole console)
    {
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        return new Clicks(page);
    }

    private sealed class Clicks(IPage page)
    {
        private readonly List<string> _made = [];

        public IPage Page { get; } = page;

        public async Task PressAsync(ILocator target)
        {
            string name = (await target.GetAttributeAsync("aria-label") ?? await target.InnerTextAsync()).Trim();
            await target.ClickAsync();
            _made.Add(name);
        }

        public void AtMost(int budget) => Assert.True(_made.Count <= budget, $"{_made.Count} clicks instead of {budget}: {string.Join(" › ", _made)}");
    }
}
