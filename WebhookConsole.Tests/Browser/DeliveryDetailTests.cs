using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Finding out why a delivery failed and proving what was sent, in a real browser.</summary>
public sealed class DeliveryDetailTests(BrowserFixture browser, DeliveryDetailConsole console)
    : IClassFixture<BrowserFixture>,
        IClassFixture<DeliveryDetailConsole>,
        IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is null)
        {
            _page = await browser.NewPageAsync(console.Url, width: 1440, timeZone: "Europe/Berlin");
            await console.SignInAsync(_page);
        }
    }

    public Task DisposeAsync() => browser.CloseAsync();

    [ChromiumFact]
    public async Task Overview_WhyAnEndpointFails_TakesAtMostTwoClicks()
    {
        await _page.GetByRole(AriaRole.Link, new() { Name = "Fix and turn on: Billing" }).ClickAsync();

        await Expect(_page.GetByText("could not reach the database")).ToBeVisibleAsync();
        await Expect(_page.Locator(".turned-off a")).ToHaveCountAsync(DeliveryDetailConsole.Failures);
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
        await _page.GotoAsync($"/p/default/events/{console.Deliveries[^1]}/evidence");
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
        Guid old = console.Deliveries[^20];
        await _page.GotoAsync($"/p/default/events/{old}");

        await Expect(_page.Locator("tr.selected")).ToHaveCountAsync(1);
        Assert.EndsWith(old.ToString(), await SelectedAsync(), StringComparison.Ordinal);
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Newest", Exact = true })).ToBeVisibleAsync();
        for (int i = 1; i <= 14; i++)
        {
            Guid next = console.Deliveries[^(20 + i)];
            await _page.GetByRole(AriaRole.Link, new() { Name = "Newer delivery" }).ClickAsync();
            await _page.IsAtAsync($"**/{next}*");
            await Expect(_page.Locator("tr.selected .row-link")).ToHaveAttributeAsync("href", new Regex(next.ToString(), RegexOptions.None, s_patience));
        }

        await _page.Keyboard.PressAsync("j");
        await _page.IsAtAsync($"**/{console.Deliveries[^33]}*");
    }

    [ChromiumFact]
    public async Task Panel_BorderByKeyboard_MovesAndIsRemembered()
    {
        await SeededConsole.OpenAsync(_page, $"/p/default/events/{console.Deliveries[^1]}");
        ILocator border = _page.GetByRole(AriaRole.Separator, new() { Name = "Width of the delivery panel" });
        ILocator panel = _page.Locator(".panel");
        await HasShareAsync(panel, share => share is > 43.9 and < 44.1);

        await border.FocusAsync();
        await _page.Keyboard.PressAsync("ArrowLeft");
        await _page.Keyboard.PressAsync("ArrowLeft");
        await _page.Keyboard.PressAsync("ArrowLeft");

        await Expect(border).ToHaveAttributeAsync("aria-valuenow", "50");
        await HasShareAsync(panel, share => share is > 49.9 and < 50.1);
        Assert.Empty(await Accessibility.FindAsync(_page));

        await _page.ReloadAsync();
        await SeededConsole.ReadyAsync(_page);
        await HasShareAsync(panel, share => share is > 49.9 and < 50.1);

        LocatorBoundingBoxResult box = (await border.BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 200);
        await _page.Mouse.DownAsync();
        await _page.Mouse.MoveAsync(box.X + 300, box.Y + 200, new() { Steps = 4 });
        await _page.Mouse.UpAsync();
        await HasShareAsync(panel, share => share < 40);
        await border.DblClickAsync();
        await HasShareAsync(panel, share => share is > 43.9 and < 44.1);
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
        Guid[] failed = [.. console.Deliveries[^DeliveryDetailConsole.Failures..]];
        await _page.GotoAsync($"/p/default/events/{failed[1]}?type=order.paid");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Open this delivery on its own page" }).ClickAsync();

        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "order.paid", Level = 1 })).ToBeVisibleAsync();
        ILocator request = _page.GetByRole(AriaRole.Region, new() { Name = "Request of attempt 1" });
        ILocator response = _page.GetByRole(AriaRole.Region, new() { Name = "Response to attempt 1" });
        await Expect(response).ToContainTextAsync("host: db-7");
        await StandSideBySideAsync(request, response);
        Assert.Empty(await Accessibility.FindAsync(_page));

        await _page.Keyboard.PressAsync("j");
        await _page.IsAtAsync($"**/{failed[2]}/full?type=order.paid");
        await Expect(_page.GetByText(failed[2].ToString()).First).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await _page.IsAtAsync($"**/{failed[1]}/full?type=order.paid");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await _page.IsAtAsync($"**/{failed[0]}/full?type=order.paid");
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Newer" })).ToHaveCountAsync(0);
        await _page.GetByRole(AriaRole.Link, new() { Name = "Back to the list" }).ClickAsync();
        await _page.IsAtAsync($"**/events/{failed[0]}?type=order.paid");
        await Expect(_page.Locator("tr.selected")).ToHaveCountAsync(1);
    }

    [ChromiumFact]
    public async Task FullPage_WithoutAttempts_ShowsPayloadAndDetailsSideBySide()
    {
        await _page.GotoAsync($"/p/default/events/{console.Deliveries[0]}/full");

        ILocator details = _page.GetByRole(AriaRole.Region, new() { Name = "Details" });
        await Expect(details).ToBeVisibleAsync();
        await StandSideBySideAsync(_page.Locator(".pair-request"), _page.Locator(".pair-last"));
        Assert.Empty(await Accessibility.FindAsync(_page));
    }

    [ChromiumFact]
    public async Task Times_SwitchedToUtc_HoldOnOtherPagesAndAfterALoad()
    {
        await _page.GotoAsync($"/p/default/events/{console.Deliveries[^1]}");
        ILocator created = _page.GetByRole(AriaRole.Region, new() { Name = "Details" }).Locator("time").First;
        await Expect(created).ToHaveTextAsync(new Regex(@"\d{2}:\d{2}:\d{2}\.\d{3} \+0[12]:00 Europe/Berlin$", RegexOptions.None, s_patience));
        await _page.GetByRole(AriaRole.Group, new() { Name = "Time zone for all times" }).GetByText("UTC").ClickAsync();

        await Expect(created).ToHaveTextAsync(new Regex(@"\.\d{3} UTC$", RegexOptions.None, s_patience));
        await _page.GotoAsync("/p/default/settings/audit");
        await Expect(_page.Locator("main time").First).ToHaveAttributeAsync("title", new Regex(@"\.\d{3} UTC$", RegexOptions.None, s_patience));
    }

    private static async Task StandSideBySideAsync(ILocator left, ILocator right)
    {
        LocatorBoundingBoxResult a = (await left.BoundingBoxAsync())!;
        LocatorBoundingBoxResult b = (await right.BoundingBoxAsync())!;
        Assert.True(a.X + a.Width <= b.X && Math.Abs(a.Y - b.Y) < 20, $"{a.X}+{a.Width}, {a.Y} | {b.X}, {b.Y}");
    }

    private async Task<string> SelectedAsync() => new Uri(console.Url, (await _page.Locator("tr.selected .row-link").GetAttributeAsync("href"))!).AbsolutePath;

    // A key or a load moves the border in the browser, which draws when it gets to it.
    private static async Task HasShareAsync(ILocator panel, Func<double, bool> right)
    {
        const string Share = "p => 100 * p.getBoundingClientRect().width / p.parentElement.getBoundingClientRect().width";
        double share = 0;
        await Eventually.TrueAsync(
            async () => right(share = await panel.EvaluateAsync<double>(Share)),
            () => string.Create(CultureInfo.InvariantCulture, $"The panel has {share} %.")
        );
    }

    private static async Task<string> StyleAsync(ILocator element, string property) =>
        await element.EvaluateAsync<string>($"e => getComputedStyle(e).{property}");
}
