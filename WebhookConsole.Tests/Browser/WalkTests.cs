using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// The main job from the first start to the audit log, in a real browser against the application as a process: once with the mouse,
/// once with the keyboard alone. Screenshots go to <c>screenshots/</c> in the test output.
/// </summary>
public sealed class WalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Password = "three unrelated words";
    private const string Webhook = "Orders to the warehouse";

    [ChromiumFact]
    public async Task Walk_ByMouse_Works() => await WalkAsync(Person.WithMouse, "mouse", ColorScheme.Light);

    [ChromiumFact]
    public async Task Walk_ByKeyboard_Works() => await WalkAsync(Person.WithKeyboard, "keyboard", ColorScheme.Dark);

    private async Task WalkAsync(Func<IPage, Person> somebody, string name, ColorScheme scheme)
    {
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync();
        IPage page = await browser.NewPageAsync(console.Url, scheme);
        Person person = somebody(page);
        Screenshots shots = new(page, name);

        await SetUpAsync(console, person);
        await shots.TakeAsync("overview-first-run");
        await CreateInboxAsync(person);
        string secret = await CreateWebhookAsync(person, shots);
        Assert.StartsWith("whsec_", secret);

        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = $"Test {Webhook}" }));
        await Expect(page.GetByText("200 in").First).ToBeVisibleAsync();
        await shots.TakeAsync("webhooks");

        using HttpClient api = await CreateTokenAsync(console, person, shots);
        await SeeLiveAsync(api, person, shots);
        await ReplayAsync(person, shots);
        await FailAndRecoverAsync(api, person, shots);
        await RotateAsync(person, shots, secret);
        await AuditAsync(person, shots);
    }

    private static async Task SetUpAsync(ConsoleProcess console, Person person)
    {
        IPage page = person.Page;
        await page.GotoAsync(new Uri(await console.SetupLinkAsync()).PathAndQuery);
        await person.TypeAsync(page.GetByLabel("E-mail"), "owner@example.com");
        await person.TypeAsync(page.GetByLabel("Password", new() { Exact = true }), Password);
        await person.TypeAsync(page.GetByLabel("Repeat the password"), Password);
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create owner" }));
        await ExpectPageAsync(page, "Overview");
    }

    private static async Task CreateInboxAsync(Person person)
    {
        IPage page = person.Page;
        await GoAsync(person, "Inbox");
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).First);
        await person.TypeAsync(page.GetByRole(AriaRole.Dialog).GetByLabel("Name"), "Warehouse");
        await person.PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create inbox" }));
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await ExpectPageAsync(page, "Warehouse");
    }

    /// <returns>The secret, as it was shown once.</returns>
    private static async Task<string> CreateWebhookAsync(Person person, Screenshots shots)
    {
        IPage page = person.Page;
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Create a webhook to this inbox" }));
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await person.TypeAsync(dialog.GetByLabel("Name", new() { Exact = true }), Webhook);
        await shots.TakeAsync("create-webhook");
        await person.PressAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }));
        return await StoreSecretAsync(person, shots, "secret");
    }

    private static async Task<string> StoreSecretAsync(Person person, Screenshots shots, string shot)
    {
        IPage page = person.Page;
        ILocator field = page.GetByLabel($"Signing secret of {Webhook}");
        await Expect(field).Not.ToHaveValueAsync("");
        string secret = await field.InputValueAsync();
        await shots.TakeAsync(shot, hide: field);

        // Esc must not lose it.
        await page.Keyboard.PressAsync("Escape");
        await Expect(field).ToBeVisibleAsync();
        await person.PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Copy" }));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" }).Or(page.GetByText("Copied")).First).ToBeVisibleAsync();
        Assert.Equal(secret, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }));
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        return secret;
    }

    private static async Task<HttpClient> CreateTokenAsync(ConsoleProcess console, Person person, Screenshots shots)
    {
        IPage page = person.Page;
        await GoAsync(person, "API tokens");
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).First);
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await person.TypeAsync(dialog.GetByLabel("Name", new() { Exact = true }), "Shop backend");
        await person.PressAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Create token" }));
        ILocator text = dialog.Locator(".secret-text");
        await Expect(text).ToContainTextAsync("whc_");
        string token = await text.InnerTextAsync();
        await person.PressAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }));
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByText("Shop backend").First).ToBeVisibleAsync();
        await shots.TakeAsync("api-tokens");
        HttpClient api = new(new SocketsHttpHandler()) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        return api;
    }

    private static async Task SeeLiveAsync(HttpClient api, Person person, Screenshots shots)
    {
        IPage page = person.Page;
        await GoAsync(person, "Events");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "webhook.test" }).First).ToBeVisibleAsync();
        await PostAsync(api, "order.created");
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "1 new" }));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "order.created" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "order.created" })).ToContainTextAsync("Succeeded");
        await shots.TakeAsync("events");
    }

    private static async Task ReplayAsync(Person person, Screenshots shots)
    {
        IPage page = person.Page;
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "order.created" }));
        await Expect(page.GetByText("Delivery ID")).ToBeVisibleAsync();
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }));
        await Expect(page.GetByText("Succeeded with 200").First).ToBeVisibleAsync();
        await shots.TakeAsync("delivery");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("Delivery ID")).ToHaveCountAsync(0);
    }

    private static async Task FailAndRecoverAsync(HttpClient api, Person person, Screenshots shots)
    {
        IPage page = person.Page;
        await AnswerAsync(person, "500");
        for (int i = 0; i < 5; i++)
        {
            await PostAsync(api, "order.paid");
        }

        await GoAsync(person, "Webhooks");
        await Expect(page.GetByText("[ERR]").First).ToBeVisibleAsync();
        await shots.TakeAsync("webhooks-err");

        await AnswerAsync(person, "200");
        await GoAsync(person, "Webhooks");
        await person.PressAsync(page.GetByRole(AriaRole.Switch, new() { Name = Webhook }));
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("5 deliveries were held");
        await shots.TakeAsync("held");
        await person.PressAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Send" }));
        await Expect(dialog).ToHaveCountAsync(0);

        // One goes first, and then the rest, on the page of the recovery.
        await Expect(page.Locator("main")).ToContainTextAsync("Completed");
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Progress" })).ToBeVisibleAsync();
        await shots.TakeAsync("recovery");

        await GoAsync(person, "Events");
        ILocator paid = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "order.paid" });
        await Expect(paid).ToHaveCountAsync(5);
        await Expect(paid.Filter(new() { HasText = "Succeeded" })).ToHaveCountAsync(5);
    }

    private static async Task RotateAsync(Person person, Screenshots shots, string old)
    {
        IPage page = person.Page;
        await GoAsync(person, "Webhooks");
        await person.PickAsync(page.GetByRole(AriaRole.Button, new() { Name = $"More actions for {Webhook}" }), "Rotate Secret");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await shots.TakeAsync("rotate");
        await person.PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate" }).Last);
        Assert.NotEqual(old, await StoreSecretAsync(person, shots, "rotated"));
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = $"Test {Webhook}" }));
        await Expect(page.GetByText("200 in").First).ToBeVisibleAsync();
        await GoAsync(person, "Inbox");
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Warehouse" }));
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("Valid");
        await shots.TakeAsync("inbox");
    }

    private static async Task AuditAsync(Person person, Screenshots shots)
    {
        await GoAsync(person, "Audit log");
        await Expect(person.Page.GetByText("webhook.secret_rotated").First).ToBeVisibleAsync();
        await shots.TakeAsync("audit");
    }

    private static async Task AnswerAsync(Person person, string status)
    {
        IPage page = person.Page;
        await GoAsync(person, "Inbox");
        await person.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Warehouse" }));
        await ExpectPageAsync(page, "Warehouse");
        await person.ChooseAsync(page.GetByLabel("Answer with"), status);
        await person.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save" }));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
    }

    private static async Task PostAsync(HttpClient api, string type)
    {
        using HttpResponseMessage response = await api.PostAsJsonAsync("events", new { type, payload = new { orderId = "ord_1001", total = 129.9 } });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    private static async Task GoAsync(Person person, string name)
    {
        await person.PressAsync(
            person.Page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
        );
        await ExpectPageAsync(person.Page, name);
    }

    private static Task ExpectPageAsync(IPage page, string heading) =>
        Expect(
                page.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = heading,
                        Level = 1,
                        Exact = true,
                    }
                )
            )
            .ToBeVisibleAsync();
}
