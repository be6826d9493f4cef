using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Finding out why a delivery failed and proving what was sent, in a real browser.</summary>
public sealed class DeliveryDetailTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Token = "token-of-the-detail-walk-0123456789";
    private const int Failures = 5;
    private const int Held = 120;

    private Receiver _receiver = null!;
    private ConsoleProcess _console = null!;
    private Guid[] _deliveries = [];
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is not null)
        {
            return;
        }

        _receiver = await Receiver.StartAsync();
        _receiver.Answer = _ => new Reply(500, "could not reach the database\nhost: db-7");
        _console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
            }
        );
        _deliveries = await FillAsync();
        _page = await browser.NewPageAsync(_console.Url, width: 1440, timeZone: "Europe/Berlin");
        await _page.GotoAsync("/account/login");
        await _page.GetByLabel("E-mail").FillAsync(Email);
        await _page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await _page.WaitForURLAsync("**/p/default");
    }

    public async Task DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
            await _receiver.DisposeAsync();
        }
    }

    [ChromiumFact]
    public async Task Overview_WhyAnEndpointFails_TakesAtMostTwoClicks()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Fix and turn on: Billing" }).ClickAsync();

        await Expect(_page.GetByText("could not reach the database")).ToBeVisibleAsync();
        await Expect(_page.Locator(".turned-off a")).ToHaveCountAsync(Failures);
        await _page.Locator(".turned-off a").First.ClickAsync();
        await Expect(_page.Locator(".panel .answer pre")).ToContainTextAsync("host: db-7");
    }

    [ChromiumFact]
    public async Task Overview_ProveWhatWasSent_TakesThreeClicks()
    {
        await _page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await _page.Locator(".row-link").First.ClickAsync();
        IPage paper = await _page.Context.RunAndWaitForPageAsync(() => _page.GetByRole(AriaRole.Link, new() { Name = "Evidence" }).ClickAsync());

        await Expect(paper.GetByText("Webhook delivery record")).ToBeVisibleAsync();
        await Expect(paper.Locator(".hash")).ToHaveTextAsync(new Regex("^[0-9a-f]{64}$", RegexOptions.None, s_patience));
        Assert.Empty(await Accessibility.FindAsync(paper));
        IDownload file = await paper.RunAndWaitForDownloadAsync(() => paper.GetByRole(AriaRole.Link, new() { Name = "JSON file" }).ClickAsync());
        Assert.EndsWith(".json", file.SuggestedFilename, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Evidence_OnPaper_IsTheSheetAlone()
    {
        await _page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await _page.GotoAsync($"/p/default/events/{_deliveries[^1]}/evidence");
        await _page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });

        await Expect(_page.Locator("article.sheet")).ToBeVisibleAsync();
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Print" })).ToBeHiddenAsync();
        Assert.Equal("rgb(255, 255, 255)", await StyleAsync(_page.Locator("article.sheet"), "backgroundColor"));
        Assert.Equal("rgb(25, 25, 31)", await StyleAsync(_page.Locator("article.sheet h1"), "color"));
        byte[] pdf = await _page.PdfAsync(new() { PreferCSSPageSize = true, Path = Path.Combine(Screenshots.Folder, "evidence.pdf") });
        Assert.True(pdf.AsSpan().StartsWith("%PDF"u8));
    }

    [ChromiumFact]
    public async Task Panel_OldDelivery_OpensTheListAroundItWithNewerAndOlder()
    {
        Guid old = _deliveries[^20];
        await _page.GotoAsync($"/p/default/events/{old}");

        await Expect(_page.Locator("tr.selected")).ToHaveCountAsync(1);
        Assert.EndsWith(old.ToString(), await SelectedAsync(), StringComparison.Ordinal);
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Newest", Exact = true })).ToBeVisibleAsync();
        for (int i = 1; i <= 14; i++)
        {
            Guid next = _deliveries[^(20 + i)];
            await _page.GetByRole(AriaRole.Link, new() { Name = "Newer delivery" }).ClickAsync();
            await _page.WaitForURLAsync($"**/{next}*");
            await Expect(_page.Locator("tr.selected .row-link")).ToHaveAttributeAsync("href", new Regex(next.ToString(), RegexOptions.None, s_patience));
        }

        await _page.Keyboard.PressAsync("j");
        await _page.WaitForURLAsync($"**/{_deliveries[^33]}*");
    }

    [ChromiumFact]
    public async Task Panel_BorderByKeyboard_MovesAndIsRemembered()
    {
        await SeededConsole.OpenAsync(_page, $"/p/default/events/{_deliveries[^1]}");
        ILocator border = _page.GetByRole(AriaRole.Separator, new() { Name = "Width of the delivery panel" });
        ILocator panel = _page.Locator(".panel");
        await Expect(panel.GetByRole(AriaRole.Heading, new() { Level = 3 }).First).ToBeVisibleAsync();
        float before = (await panel.BoundingBoxAsync())!.Width;

        await border.FocusAsync();
        await _page.Keyboard.PressAsync("ArrowLeft");
        await _page.Keyboard.PressAsync("ArrowLeft");
        await _page.Keyboard.PressAsync("ArrowLeft");

        await Expect(border).ToHaveAttributeAsync("aria-valuenow", "50");
        float wide = (await panel.BoundingBoxAsync())!.Width;
        Assert.True(wide > before + 30, string.Create(CultureInfo.InvariantCulture, $"{before} → {wide}"));
        Assert.Empty(await Accessibility.FindAsync(_page));

        await _page.ReloadAsync();
        await Expect(panel.GetByRole(AriaRole.Heading, new() { Level = 3 }).First).ToBeVisibleAsync();
        Assert.Equal(wide, (await panel.BoundingBoxAsync())!.Width, 1f);

        LocatorBoundingBoxResult box = (await border.BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 200);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(box.X + 300, box.Y + 200, new() { Steps = 4 });
        await _page.Mouse.UpAsync();
        Assert.True((await panel.BoundingBoxAsync())!.Width < wide - 100);
        await border.DblClickAsync();
        Assert.Equal(before, (await panel.BoundingBoxAsync())!.Width, 1f);
    }

    [ChromiumFact]
    public async Task List_BorderOfAColumn_MovesByMouseAndKeyboardAndIsRemembered()
    {
        await SeededConsole.OpenAsync(_page, "/p/default/events");
        ILocator border = _page.GetByRole(AriaRole.Separator, new() { Name = "Width of the column Webhook" });
        ILocator head = _page.GetByRole(AriaRole.Columnheader, new() { Name = "Webhook", Exact = true });
        ILocator rest = _page.GetByRole(AriaRole.Columnheader, new() { Name = "Event", Exact = true });
        await Expect(border).ToBeVisibleAsync();
        float before = await WidthAsync(head);
        float list = await WidthAsync(_page.Locator(".delivery-table"));

        LocatorBoundingBoxResult box = (await border.BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 8);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2) - 60, box.Y + 8, new() { Steps = 4 });
        await _page.Mouse.UpAsync();
        Assert.Equal(before + 60, await WidthAsync(head), 2f);

        await border.FocusAsync();
        await _page.Keyboard.PressAsync("ArrowLeft");
        float wide = await WidthAsync(head);
        Assert.Equal(before + 76, wide, 2f);
        Assert.Empty(await Accessibility.FindAsync(_page));

        await _page.ReloadAsync();
        await Expect(border).ToBeVisibleAsync();
        Assert.Equal(wide, await WidthAsync(head), 1f);

        // The column that takes the rest keeps enough of it, and the list does not become wider than its card.
        box = (await border.BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 8);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(0, box.Y + 8, new() { Steps = 4 });
        await _page.Mouse.UpAsync();
        Assert.True(await WidthAsync(rest) >= 139);
        Assert.Equal(list, await WidthAsync(_page.Locator(".delivery-table")), 1f);

        await border.DblClickAsync();
        Assert.Equal(before, await WidthAsync(head), 1f);

        static async Task<float> WidthAsync(ILocator element) => (await element.BoundingBoxAsync())!.Width;
    }

    [ChromiumFact]
    public async Task FullPage_RequestAndResponse_StandSideBySideWithinTheSameList()
    {
        // The failed attempts are of the type order.paid; what was held is not.
        Guid[] failed = [.. _deliveries[^Failures..]];
        await _page.GotoAsync($"/p/default/events/{failed[1]}?type=order.paid");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Open this delivery on its own page" }).ClickAsync();

        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "order.paid", Level = 1 })).ToBeVisibleAsync();
        ILocator request = _page.GetByRole(AriaRole.Region, new() { Name = "Request of attempt 1" });
        ILocator response = _page.GetByRole(AriaRole.Region, new() { Name = "Response to attempt 1" });
        await Expect(response).ToContainTextAsync("host: db-7");
        LocatorBoundingBoxResult left = (await request.BoundingBoxAsync())!;
        LocatorBoundingBoxResult right = (await response.BoundingBoxAsync())!;
        Assert.True(left.X + left.Width <= right.X && Math.Abs(left.Y - right.Y) < 20);
        Assert.Empty(await Accessibility.FindAsync(_page));

        await _page.Keyboard.PressAsync("j");
        await _page.WaitForURLAsync($"**/{failed[2]}/full?type=order.paid");
        await Expect(_page.GetByText(failed[2].ToString()).First).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await _page.WaitForURLAsync($"**/{failed[1]}/full?type=order.paid");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await _page.WaitForURLAsync($"**/{failed[0]}/full?type=order.paid");
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Newer" })).ToHaveCountAsync(0);
        await _page.GetByRole(AriaRole.Link, new() { Name = "Back to the list" }).ClickAsync();
        await _page.WaitForURLAsync($"**/events/{failed[0]}?type=order.paid");
        await Expect(_page.Locator("tr.selected")).ToHaveCountAsync(1);
    }

    [ChromiumFact]
    public async Task Times_SwitchedToUtc_HoldOnOtherPagesAndAfterALoad()
    {
        await _page.GotoAsync($"/p/default/events/{_deliveries[^1]}");
        ILocator created = _page.GetByRole(AriaRole.Region, new() { Name = "Details" }).Locator("time").First;
        await Expect(created).ToHaveTextAsync(new Regex(@"\d{2}:\d{2}:\d{2}\.\d{3} \+0[12]:00 Europe/Berlin$", RegexOptions.None, s_patience));
        await _page.GetByRole(AriaRole.Group, new() { Name = "Time zone for all times" }).GetByText("UTC").ClickAsync();

        await Expect(created).ToHaveTextAsync(new Regex(@"\.\d{3} UTC$", RegexOptions.None, s_patience));
        await _page.GotoAsync("/p/default/settings/audit");
        await Expect(_page.Locator("main time").First).ToHaveAttributeAsync("title", new Regex(@"\.\d{3} UTC$", RegexOptions.None, s_patience));
    }

    private async Task<string> SelectedAsync() => new Uri(_console.Url, (await _page.Locator("tr.selected .row-link").GetAttributeAsync("href"))!).AbsolutePath;

    private static async Task<string> StyleAsync(ILocator element, string property) =>
        await element.EvaluateAsync<string>($"e => getComputedStyle(e).{property}");

    /// <returns>Newest first: what was held, then the failed ones.</returns>
    private async Task<Guid[]> FillAsync()
    {
        using HttpClient api = new(new SocketsHttpHandler()) { BaseAddress = new Uri(_console.Url, "api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        object webhook = new
        {
            name = "Billing",
            url = _receiver.Url,
            retrySchedule = "none",
            maxInFlight = 1,
            verify = false,
        };
        using HttpResponseMessage created = await api.PostAsJsonAsync("webhooks", webhook);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        await PostAsync(api, "order.paid", Failures);
        await Eventually.TrueAsync(async () =>
            (await api.GetFromJsonAsync<JsonElement>("webhooks")).GetProperty("items")[0].GetProperty("state").GetString() == "error"
        );
        await PostAsync(api, "order.shipped", Held);
        JsonElement list = await api.GetFromJsonAsync<JsonElement>("deliveries?limit=200");
        Guid[] all = [.. list.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid())];
        Assert.Equal(Failures + Held, all.Length);
        return all;
    }

    private static async Task PostAsync(HttpClient api, string type, int count)
    {
        using HttpResponseMessage posted = await api.PostAsJsonAsync("events/batch", Enumerable.Range(0, count).Select(n => new { type, payload = new { n } }));
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
    }
}
