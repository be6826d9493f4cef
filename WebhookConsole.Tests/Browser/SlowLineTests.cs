using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>The console over a line that takes 200 ms in each direction (specification §11, "Measured").</summary>
public sealed class SlowLineTests(BrowserFixture browser, SlowLineConsole shared)
    : IClassFixture<BrowserFixture>,
        IClassFixture<SlowLineConsole>,
        IAsyncLifetime
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Token = "set-up-token-of-the-slow-line-0123456789";
    private const double FeedbackMs = 150;
    private const double MaxShift = 0.05;

    private static readonly TimeSpan s_oneWay = TimeSpan.FromMilliseconds(200);

    // Notes when the mouse or a key was used, and the first frame after it in which something has moved.
    private const string Watch = """
        () => {
          globalThis.watch = { pressed: null, moved: null };
          const press = () => { if (watch.pressed === null) { watch.pressed = performance.now(); look(); } };
          const look = () => requestAnimationFrame(() => {
            if (document.querySelector('[data-pending], .progress.on')) { watch.moved = performance.now(); } else if (watch.moved === null) { look(); }
          });
          addEventListener('click', press, { capture: true, once: true });
          addEventListener('change', press, { capture: true, once: true });
        }
        """;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.CloseAsync();

    [ChromiumFact]
    public async Task EveryClick_FarFromTheServer_MovesSomethingAtOnce()
    {
        ConsoleProcess console = shared.Process;
        Guid webhook = shared.Webhook;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        List<string> late = [];

        async Task ClickAsync(string what, Func<Task> click, Func<Task> answered)
        {
            await page.EvaluateAsync(Watch);
            await click();
            await page.WaitForFunctionAsync("() => watch.moved !== null");
            double ms = await page.EvaluateAsync<double>("watch.moved - watch.pressed");
            if (ms > FeedbackMs)
            {
                late.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {ms:0} ms"));
            }

            // Nothing keeps moving once the server has answered.
            await answered();
            await Expect(page.Locator("[data-pending], .progress.on")).ToHaveCountAsync(0);
        }

        await OpenAsync(page, "/p/default");
        await ClickAsync("nav link", () => Nav(page, "Events").ClickAsync(), () => HeadingAsync(page, "Events"));
        ILocator row = page.Locator("a.row-link").First;
        await ClickAsync("row", () => row.ClickAsync(), () => Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Delivery" })).ToBeVisibleAsync());
        await ClickAsync(
            "close",
            () => page.GetByRole(AriaRole.Link, new() { Name = "Close delivery" }).ClickAsync(),
            () => Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Delivery" })).ToHaveCountAsync(0)
        );
        ILocator status = page.Locator("main select").First;
        await ClickAsync("select", () => status.SelectOptionAsync(new SelectOptionValue { Index = 1 }), () => page.IsAtAsync("**/events?*"));

        await OpenAsync(page, "/p/default/settings/webhooks");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await ClickAsync("button", () => Button(page, "Create Webhook").ClickAsync(), () => Expect(dialog).ToBeVisibleAsync());
        await ClickAsync(
            "button of a dialog",
            () => dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync(),
            () => Expect(dialog.Locator("[aria-invalid=true]").First).ToBeVisibleAsync()
        );
        await ClickAsync("cancel", () => dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync(), () => Expect(dialog).ToHaveCountAsync(0));
        ILocator toggle = page.GetByRole(AriaRole.Switch).First;
        await ClickAsync("switch", () => toggle.ClickAsync(), () => Expect(toggle).ToHaveAttributeAsync("aria-checked", "false"));

        await OpenAsync(page, $"/p/default/settings/webhooks/{webhook}");
        ILocator tab = page.GetByRole(AriaRole.Link, new() { Name = "Signing", Exact = true });
        await ClickAsync("tab", () => tab.ClickAsync(), () => Expect(tab).ToHaveAttributeAsync("aria-current", "page"));
        Assert.Empty(late);
    }

    [ChromiumFact]
    public async Task NavLink_ClickedBeforeThePageIsLive_LeadsThere()
    {
        await using SlowLine line = new(shared.Process.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        Task connecting = page.WaitForWebSocketAsync();
        await page.GotoAsync("/p/default", new() { WaitUntil = WaitUntilState.Commit });
        await connecting;
        await Nav(page, "Events").ClickAsync();

        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        await HeadingAsync(page, "Events");
        Assert.EndsWith("/p/default/events", page.Url, StringComparison.Ordinal);
        await Expect(Nav(page, "Events")).ToHaveAttributeAsync("aria-current", "page");
    }

    [ChromiumFact]
    public async Task NavLink_Clicked_IsMarkedBeforeTheServerAnswers()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await OpenAsync(page, "/p/default");
        string before = await BackgroundAsync(Nav(page, "Overview"));
        await Nav(page, "Events").ClickAsync();

        // Both at once: the server's answer is still under way.
        Assert.Equal("page", await Nav(page, "Overview").GetAttributeAsync("aria-current"));
        Assert.Equal(before, await BackgroundAsync(Nav(page, "Events")));
        Assert.NotEqual(before, await BackgroundAsync(Nav(page, "Overview")));
        await Expect(Nav(page, "Events")).ToHaveAttributeAsync("aria-current", "page");
    }

    [ChromiumFact]
    public async Task NavLink_ClickedBeforeTheCircuitIsThere_OpensItsPage()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);

        // The connection never comes.
        await page.Context.RouteAsync("**/_blazor/**", _ => { });
        foreach (string name in new[] { "Events", "Event types", "Overview" })
        {
            await page.GotoAsync("/p/default/settings/webhooks");
            await Nav(page, name).ClickAsync();
            await HeadingAsync(page, name);
            await Expect(page.Locator("main[inert]")).ToBeVisibleAsync();
        }

        // It comes after the click.
        await page.Context.UnrouteAllAsync();
        await page.GotoAsync("/p/default/settings/webhooks", new() { WaitUntil = WaitUntilState.Commit });
        await Nav(page, "Events").ClickAsync();
        await HeadingAsync(page, "Events");
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task SecondPage_WhereAWebSocketWorks_AsksForNothingBeforeIt()
    {
        IPage page = await SignedInAsync();
        await OpenAsync(page, "/p/default");
        await page.WaitForFunctionAsync("() => localStorage.getItem('console.socket') === 'works'");
        ConcurrentQueue<string> asked = [];
        page.Request += (_, request) => asked.Enqueue(request.Url);
        await OpenAsync(page, "/p/default/events");
        Assert.DoesNotContain(asked, url => url.Contains("_blazor/", StringComparison.Ordinal));

        // A proxy that no longer lets it through: the next page goes the long way, and is there.
        await page.WaitForFunctionAsync("() => localStorage.getItem('console.socket') === 'works'");
        await page.RouteWebSocketAsync("**/_blazor**", socket => _ = socket.CloseAsync(new() { Code = 1011 }));
        await page.GotoAsync("/p/default");
        await page.ReloadAsync();
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        Assert.Contains(asked, url => url.Contains("_blazor/negotiate", StringComparison.Ordinal));
    }

    [ChromiumFact]
    public async Task Title_WhileTheCircuitTakesOver_NeverChanges()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await page.AddInitScriptAsync(
            "globalThis.titles = []; new MutationObserver(() => titles.push(document.title)).observe(document, { childList: true, subtree: true, characterData: true });"
        );
        foreach (string path in new[] { "/p/default", "/p/default/events", "/installation" })
        {
            await OpenAsync(page, path);
            await Expect(page.Locator(".skeleton-rows")).ToHaveCountAsync(0);
            string[] titles = await page.EvaluateAsync<string[]>("titles");
            Assert.Single(titles.SkipWhile(title => title.Length == 0).Distinct());
        }
    }

    [ChromiumFact]
    public async Task Page_WhoseScriptsAreOfAnotherVersion_LoadsItselfAgain()
    {
        IPage page = await SignedInAsync();

        // The server was upgraded between the page and its scripts, whose names carry the hash of the earlier version.
        int gone = 0;
        await page.Context.RouteAsync(
            "**/drafts*.js",
            async route =>
            {
                if (Interlocked.Increment(ref gone) <= 1)
                {
                    await route.FulfillAsync(new() { Status = 404 });
                }
                else
                {
                    await route.ContinueAsync();
                }
            }
        );
        await page.GotoAsync("/p/default/verifier");
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('navigation')[0].type === 'reload'");
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        Assert.Equal(2, gone);

        // A file that stays away does not keep the page in a loop.
        gone = 0;
        await page.GotoAsync("/p/default/events");
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        Assert.Equal(1, gone);
        Assert.Equal("navigate", await page.EvaluateAsync<string>("performance.getEntriesByType('navigation')[0].type"));
    }

    [ChromiumFact]
    public async Task Button_PressedTwiceBeforeTheAnswer_ActsOnce()
    {
        ConsoleProcess console = shared.Process;
        Guid webhook = shared.Webhook;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await OpenAsync(page, $"/p/default/settings/webhooks/{webhook}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test " }).First.DblClickAsync();
        await Expect(page.Locator("[data-pending], [aria-busy=true]")).ToHaveCountAsync(0);
        using HttpClient api = Api(console);
        JsonElement tests = await api.GetFromJsonAsync<JsonElement>("deliveries?test=true");
        Assert.Single(tests.GetProperty("items").EnumerateArray());
    }

    [ChromiumFact]
    public async Task Pages_OpenedOverASlowLine_DoNotJump()
    {
        ConsoleProcess console = shared.Process;
        Guid webhook = shared.Webhook;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await page.AddInitScriptAsync(
            """
            globalThis.shift = 0;
            new PerformanceObserver(list => list.getEntries().filter(e => !e.hadRecentInput).forEach(e => { shift += e.value; })).observe({ type: 'layout-shift', buffered: true });
            """
        );
        string[] paths =
        [
            "/p/default",
            "/p/default/events",
            "/p/default/settings/webhooks",
            $"/p/default/settings/webhooks/{webhook}",
            $"/p/default/settings/webhooks/{webhook}/signing",
            "/p/default/settings/event-types",
            "/p/default/settings/audit",
            "/p/default/inboxes",
            "/p/default/verifier",
            "/installation",
        ];
        List<string> jumped = [];
        foreach (string path in paths)
        {
            await OpenAsync(page, path);
            await Expect(page.Locator(".skeleton-rows")).ToHaveCountAsync(0);
            double shift = await page.EvaluateAsync<double>("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(shift))))");
            if (shift > MaxShift)
            {
                jumped.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {shift:0.000}"));
            }
        }

        Assert.Empty(jumped);
    }

    [ChromiumFact]
    public async Task InlineStyleSheet_InAPage_IsRefusedAndNoPageNeedsOne()
    {
        Guid webhook = shared.Webhook;
        IPage page = await SignedInAsync();
        await page.AddInitScriptAsync("globalThis.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.effectiveDirective));");
        foreach (string path in new[] { "/p/default", "/p/default/events", "/p/default/settings/webhooks", $"/p/default/settings/webhooks/{webhook}" })
        {
            await OpenAsync(page, path);
            await Expect(page.Locator(".skeleton-rows")).ToHaveCountAsync(0);
            Assert.Empty(await page.EvaluateAsync<string[]>("refused"));
        }

        await OpenAsync(page, "/p/default/settings/webhooks");
        await Button(page, "Create Webhook").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>("refused"));
        await page.EvaluateAsync("document.head.append(Object.assign(document.createElement('style'), { textContent: 'main { display: none }' }))");
        await Expect(page.Locator("main")).ToBeVisibleAsync();
        Assert.Equal(["style-src-elem"], await page.EvaluateAsync<string[]>("refused"));
    }

    [ChromiumFact]
    public async Task TypedText_ServerKilledAndStarted_IsBackExceptSecrets()
    {
        ConsoleProcess console = shared.Process;
        IPage page = await SignedInAsync();
        await OpenAsync(page, "/p/default/verifier");
        await page.GetByLabel("Body").FillAsync("""{"typed":true}""");
        await page.GetByLabel("Headers").FillAsync("Authorization: Bearer abc");
        await page.GetByLabel("Secret of your receiver").FillAsync("whsec_typed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the secret" }).ClickAsync();
        await page.GetByLabel("Format", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Index = 2 });
        string format = await page.GetByLabel("Format", new() { Exact = true }).InputValueAsync();
        await page.GetByLabel("Ignore the age").CheckAsync();
        await RestartAsync(console, page);

        await Expect(page.GetByLabel("Body")).ToHaveValueAsync("""{"typed":true}""");
        await Expect(page.GetByLabel("Headers")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("Secret of your receiver")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("Format", new() { Exact = true })).ToHaveValueAsync(format);
        await Expect(page.GetByLabel("Ignore the age")).ToBeCheckedAsync();
        Assert.Null(await page.EvaluateAsync<string?>("sessionStorage.getItem('webhookconsole.drafts')"));

        // The server has it too, not only the screen.
        await page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(page.GetByLabel("Body")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("Format", new() { Exact = true })).ToHaveValueAsync("");
        await Expect(page.GetByLabel("Ignore the age")).Not.ToBeCheckedAsync();
        await Expect(page.Locator(".draft-note")).ToHaveCountAsync(0);
    }

    [ChromiumFact]
    public async Task TypedText_OfADialog_IsBackWhenTheDialogIsOpenedAgain()
    {
        ConsoleProcess console = shared.Process;
        IPage page = await SignedInAsync();
        await OpenAsync(page, "/p/default/settings/webhooks");
        await Button(page, "Create webhook").ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Orders to the warehouse");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("https://warehouse.example/hooks");
        await dialog.GetByText("Check the endpoint first").ClickAsync();
        await dialog.GetByText("Advanced").ClickAsync();
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Custom Your own delays" }).CheckAsync();
        await dialog.GetByLabel("Delays in seconds").FillAsync("5, 50");
        await RestartAsync(console, page);

        await Expect(page.Locator(".draft-note")).ToContainTextAsync("Open it again to continue");
        await Button(page, "Create webhook").ClickAsync();
        await Expect(dialog.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Orders to the warehouse");
        await Expect(dialog.GetByLabel("URL", new() { Exact = true })).ToHaveValueAsync("https://warehouse.example/hooks");
        await Expect(dialog.Locator(".draft-note")).ToBeVisibleAsync();

        // The choices as well, and the field that only one of them brings.
        await Expect(dialog.GetByLabel("Check the endpoint first")).Not.ToBeCheckedAsync();
        await Expect(dialog.GetByRole(AriaRole.Radio, new() { Name = "Custom Your own delays" })).ToBeCheckedAsync();
        await Expect(dialog.GetByLabel("Delays in seconds")).ToHaveValueAsync("5, 50");

        // What is on the screen is what is saved.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(page.GetByText("Orders to the warehouse").First).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task TypedText_WhileTheLineIsCut_IsWhatIsSavedAfterwards()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await OpenAsync(page, "/p/default/settings/webhooks");
        await Button(page, "Create webhook").ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Before");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("https://warehouse.example/hooks");

        line.Cut();
        await Expect(page.GetByText("Connection lost")).ToBeVisibleAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Typed into the void");
        await dialog.GetByLabel("Check the endpoint first").PressAsync("Space");
        line.Mend();
        await Expect(page.GetByText("Connection lost")).ToBeHiddenAsync(new() { Timeout = 30_000 });

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        using HttpClient api = Api(console);
        JsonElement all = (await api.GetFromJsonAsync<JsonElement>("webhooks")).GetProperty("items");
        JsonElement saved = all.EnumerateArray().Single(w => w.GetProperty("name").GetString() == "Typed into the void");
        Assert.Equal("active", saved.GetProperty("state").GetString());
        Assert.DoesNotContain(all.EnumerateArray(), w => w.GetProperty("name").GetString() == "Before");
    }

    [ChromiumFact]
    public async Task TypedText_WhileTheServerHasNotAnsweredYet_StaysWhereItWasTyped()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await OpenAsync(page, "/p/default/settings/webhooks");
        await Button(page, "Create webhook").ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        ILocator name = dialog.GetByLabel("Name", new() { Exact = true });
        ILocator url = dialog.GetByLabel("URL", new() { Exact = true });

        // The dialog is on the screen, and the focus of its first field is still under way.
        await url.FocusAsync();
        await TypeAsync(page, "https://warehouse.example/hooks");
        await Expect(url).ToHaveValueAsync("https://warehouse.example/hooks");

        // The server has heard of the first word when the second one is typed.
        await name.FocusAsync();
        await TypeAsync(page, "Orders");
        await url.FocusAsync();
        await name.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await TypeAsync(page, " to the warehouse");
        await Expect(name).ToHaveValueAsync("Orders to the warehouse");
    }

    [ChromiumFact]
    public async Task Focus_InTheNavigationWhenTheCircuitComes_StaysWhereItWas()
    {
        ConsoleProcess console = shared.Process;
        await using SlowLine line = new(console.Url, s_oneWay);
        IPage page = await SignedInAsync(line);
        await page.GotoAsync("/p/default", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Nav(page, "Events").FocusAsync();
        await Expect(page.Locator("main[inert]")).ToBeVisibleAsync();
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        await Expect(Nav(page, "Events")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await HeadingAsync(page, "Events");
    }

    // Typing takes longer than a round trip.
    private static Task TypeAsync(IPage page, string text) =>
        page.Keyboard.TypeAsync(text, new() { Delay = 3f * (float)s_oneWay.TotalMilliseconds / text.Length });

    private static async Task RestartAsync(ConsoleProcess console, IPage page)
    {
        await console.KillAsync();
        await Expect(page.GetByText("Connection lost")).ToBeVisibleAsync();
        await console.StartAgainAsync();
        await Expect(page.GetByText("The server was restarted")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.WaitForLoadStateAsync(LoadState.Load);
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.GetByText("The server was restarted")).ToBeHiddenAsync();
    }

    internal static Task<ConsoleProcess> StartAsync() =>
        ConsoleProcess.StartBuildAsync(
            new()
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
            }
        );

    private static HttpClient Api(ConsoleProcess console)
    {
        HttpClient api = new(new SocketsHttpHandler()) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return api;
    }

    /// <returns>A webhook that has delivered.</returns>
    internal static async Task<Guid> FillAsync(ConsoleProcess console)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using HttpClient api = Api(console);
        using HttpResponseMessage made = await api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = "Orders",
                url = receiver.Url,
                verify = false,
            }
        );
        Guid webhook = (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).Id();
        for (int i = 0; i < 3; i++)
        {
            (await api.PostAsJsonAsync("events", new { type = "order.created", payload = new { i } })).EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(async () =>
            (await api.GetFromJsonAsync<JsonElement>("deliveries?status=succeeded")).GetProperty("items").GetArrayLength() == 3
        );
        return webhook;
    }

    // The cookie belongs to the host, whatever the port.
    private async Task<IPage> SignedInAsync(SlowLine? line = null)
    {
        IPage page = await browser.NewPageAsync(line?.Url ?? shared.Process.Url);
        shared.Session ??= await SignedIn.ByFormAsync(page, Email, Password, shared.Process.Url);
        await shared.Session.GiveAsync(page);
        return page;
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
    }

    private static Task HeadingAsync(IPage page, string text) => Expect(page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1 })).ToBeVisibleAsync();

    private static ILocator Nav(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).First;

    private static Task<string> BackgroundAsync(ILocator of) => of.EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor");
}
