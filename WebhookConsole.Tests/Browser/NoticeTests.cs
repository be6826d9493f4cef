using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Notices say what happened, and Undo takes it back, also after the page has been left.</summary>
public sealed class NoticeTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [ChromiumFact]
    public async Task Undo_AfterTurningOff_IsAsIfItHadNotBeen()
    {
        await using SeededConsole console = await SeededConsole.StartAsync();
        IPage page = await browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await SeededConsole.OpenAsync(page, "/p/default/settings/webhooks");
        await page.GetByRole(AriaRole.Switch, new() { Name = SeededConsole.Healthy }).ClickAsync();
        ILocator notice = page.Locator(".rz-notification");
        await Expect(notice).ToContainTextAsync($"Disabled {SeededConsole.Healthy}.");
        await Expect(notice).ToContainTextAsync("New events are held until it is turned on again.");
        await console.PostAsync("order.paid");
        await console.DeliveryAsync(SeededConsole.Healthy, "held");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Verifier", Exact = true }).ClickAsync();
        await notice.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(notice).ToContainTextAsync($"{SeededConsole.Healthy} is on again.");
        await Eventually.TrueAsync(async () =>
            (await console.Api.GetFromJsonAsync<JsonElement>($"deliveries?webhookId={console.Webhooks[SeededConsole.Healthy]}&eventType=order.paid"))
                .GetProperty("items")[0]
                .GetProperty("status")
                .GetString() == "succeeded"
        );
    }
}
