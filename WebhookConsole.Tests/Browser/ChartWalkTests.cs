using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>From a red bar to what failed, with the mouse and with the keyboard alone.</summary>
public sealed class ChartWalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Token = "a-token-of-the-chart-walk-0123456789abcdef";

    [ChromiumFact]
    public async Task Bar_OfFailures_OpensThem()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(500);
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new()
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
            }
        );
        Guid webhook = await FailTwiceAsync(console, receiver);
        IPage page = await browser.NewPageAsync(console.Url);
        List<string> errors = [];
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);

        string path = $"/p/default/settings/webhooks/{webhook}";
        await page.GotoAsync($"/account/login?returnUrl={path}");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        ILocator chart = page.GetByRole(AriaRole.Figure).First;
        ILocator bar = chart.GetByRole(AriaRole.Link, new() { Name = "0 succeeded, 2 failed. Open what is still failing" });
        await Expect(bar).ToBeVisibleAsync();

        // The table says the same to those who do not see the bars.
        await chart.GetByText("Show as table").ClickAsync();
        await Expect(chart.GetByRole(AriaRole.Row).Last).ToContainTextAsync("02");
        Assert.Empty(await Accessibility.FindAsync(page));

        await bar.ClickAsync();
        await ExpectFailuresAsync(page, path);

        await page.GoBackAsync();
        await Expect(bar).ToBeVisibleAsync();
        int hours = await chart.Locator("tbody tr").CountAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "7 days" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page)
            .ToHaveURLAsync(new System.Text.RegularExpressions.Regex("range=7d", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

        // The bar of the shorter time has the same name; it goes when the longer time has been read.
        await Expect(chart.Locator("tbody tr")).Not.ToHaveCountAsync(hours);
        await Expect(bar).ToBeVisibleAsync();
        await bar.FocusAsync();
        await Expect(chart.Locator(".chart-tip:visible")).ToContainTextAsync("2 failed");
        await page.Keyboard.PressAsync("Enter");
        await ExpectFailuresAsync(page, path);

        await page.GoBackAsync();
        await chart.GetByRole(AriaRole.Link, new() { Name = "Edited (Description) by" }).ClickAsync();
        await Expect(page.Locator("tr[aria-current]")).ToContainTextAsync("Webhook updated");
        Assert.Empty(errors);
    }

    private static async Task<Guid> FailTwiceAsync(ConsoleProcess console, Receiver receiver)
    {
        using HttpClient api = new(new SocketsHttpHandler()) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage created = await api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = "Orders",
                url = receiver.Url,
                retrySchedule = "none",
                verify = false,
            }
        );
        Guid webhook = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using HttpResponseMessage edited = await api.PatchAsJsonAsync($"webhooks/{webhook}", new { description = "Feeds the warehouse" });
        edited.EnsureSuccessStatusCode();
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage posted = await api.PostAsJsonAsync("events", new { type = "order.paid", payload = new { n = i } });
            posted.EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(async () =>
        {
            JsonElement stats = await api.GetFromJsonAsync<JsonElement>($"webhooks/{webhook}/stats");
            return stats.GetProperty("buckets").EnumerateArray().Sum(b => b.GetProperty("failed").GetInt64()) == 2;
        });
        return webhook;
    }

    private static async Task ExpectFailuresAsync(IPage page, string path)
    {
        ILocator failed = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "order.paid" }).Filter(new() { HasText = "Failed" });
        await Expect(failed).ToHaveCountAsync(2);
        await page.IsAtAsync($"**{path}/events?**");
    }
}
