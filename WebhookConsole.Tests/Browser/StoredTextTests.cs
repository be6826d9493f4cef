using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// Everything that a stranger can have stored (names, payloads, header values, answers of receivers, requests to inboxes, sign-in names)
/// is shown as text: nothing of it runs, on any page.
/// </summary>
public sealed class StoredTextTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Token = "token-of-the-attack-walk-0123456789";

    // Tries to leave an attribute, a text, a comment and a script.
    private const string Evil = "<img src=x onerror=window.pwned=1>\"'--></textarea><script>window.pwned=1</script>";

    private readonly List<string> _troubles = [];

    [ChromiumFact]
    public async Task StoredText_OnEveryPage_IsTextAndNothingElse()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => new Reply(500, Evil).With("X-Evil", Evil).With("Content-Type", "text/html");
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
            }
        );
        IPage page = await browser.NewPageAsync(console.Url);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                _troubles.Add(message.Text);
            }
        };
        page.Dialog += (_, dialog) => _troubles.Add(dialog.Message);
        page.PageError += (_, error) => _troubles.Add(error);

        (Guid webhook, Guid delivery) = await StoreByApiAsync(console.Url, receiver.Url);
        await SignInAsync(page);
        (string inbox, string inboxAddress) = await StoreByHandAsync(page);
        await PostToInboxAsync(console.Url, inboxAddress);

        string project = "/p/default";
        await LookAsync(page, project, Evil[..4]);
        await LookAsync(page, $"{project}/events", Evil[..4]);
        await LookAsync(page, $"{project}/events?q={Uri.EscapeDataString(Evil)}&status={Uri.EscapeDataString(Evil)}");
        await LookAsync(page, $"{project}/events/{delivery}", Evil[..4]);
        await OpenAllAsync(page);
        await LookAsync(page, $"{project}/events/{delivery}/full", Evil[..4]);
        await LookAsync(page, $"{project}/events/{delivery}/evidence", Evil[..4]);
        await LookAsync(page, $"{project}/settings/webhooks", Evil[..4]);
        await LookAsync(page, $"{project}/settings/webhooks?create={Uri.EscapeDataString("javascript:window.pwned=1//" + Evil)}");
        foreach (
            string tab in new[]
            {
                "",
                "/events",
                "/signing",
                "/settings",
                "/activity",
                "/" + Uri.EscapeDataString(Evil.Replace("/", "", StringComparison.Ordinal)),
            }
        )
        {
            await LookAsync(page, $"{project}/settings/webhooks/{webhook}{tab}");
            await OpenAllAsync(page);
        }

        await LookAsync(page, $"{project}/settings/event-types", Evil[..4]);
        await LookAsync(page, $"{project}/settings/tokens", Evil[..4]);
        await LookAsync(page, $"{project}/settings/audit", Evil[..4]);
        await OpenAllAsync(page);
        await LookAsync(page, $"{project}/settings/audit?scope=installation", Evil[..4]);
        await LookAsync(
            page,
            $"{project}/settings/audit?actor={Uri.EscapeDataString(Evil)}&action={Uri.EscapeDataString(Evil)}&since={Uri.EscapeDataString(Evil)}"
        );
        await LookAsync(page, $"{project}/inboxes", Evil[..4]);
        await LookAsync(page, inbox, Evil[..4]);
        await page.Locator("tbody a").First.ClickAsync();
        await OpenAllAsync(page);
        await LookAsync(page, $"{project}/verifier");
        await page.GetByLabel("Body").First.FillAsync(Evil);
        await LookAsync(page, $"/p/{Uri.EscapeDataString(Evil.Replace("/", "", StringComparison.Ordinal))}/events");
        await LookAsync(page, $"/account/login?returnUrl={Uri.EscapeDataString("javascript:window.pwned=1")}");
        await LookAsync(page, $"/setup?code={Uri.EscapeDataString(Evil)}");
        await LookAsync(page, "/docs");
        Assert.Empty(_troubles);
    }

    [ChromiumFact]
    public async Task Detector_ScriptThatRuns_IsSeen()
    {
        // Without this the walk above could be blind.
        IPage page = await browser.NewPageAsync(new Uri("http://127.0.0.1/"));
        await page.SetContentAsync(Evil);
        await page.WaitForFunctionAsync("window.pwned === 1");
    }

    private async Task LookAsync(IPage page, string address, string? shown = null)
    {
        await page.GotoAsync(address);
        await Expect(page.Locator("h1, h2, h3").First).ToBeVisibleAsync();
        if (shown is not null)
        {
            await Expect(page.GetByText(shown).First).ToBeAttachedAsync();
        }

        await CheckAsync(page);
    }

    private async Task OpenAllAsync(IPage page)
    {
        await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(d => d.open = true)");
        await CheckAsync(page);
    }

    private async Task CheckAsync(IPage page)
    {
        if (
            await page.EvaluateAsync<bool>("() => window.pwned !== undefined || [...document.querySelectorAll('img')].some(i => i.getAttribute('src') === 'x')")
        )
        {
            _troubles.Add("It ran, or is there as markup, on " + page.Url);
        }
    }

    private static async Task<(Guid Webhook, Guid Delivery)> StoreByApiAsync(Uri console, string receiver)
    {
        using FormBrowser browser = new(new Uri(console, "api/v1/projects/default/"));
        HttpClient api = browser.Client;
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage created = await api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = Evil,
                description = Evil,
                url = receiver + "?q=" + Uri.EscapeDataString(Evil),
                headers = new Dictionary<string, string> { ["X-Evil"] = Evil.Replace(' ', '/') },
                retrySchedule = "none",
                verify = false,
            }
        );
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        Guid webhook = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using HttpResponseMessage posted = await api.PostAsJsonAsync(
            "events",
            new
            {
                type = "order.created",
                id = Evil.Replace(' ', '/'),
                payload = new Dictionary<string, object> { [Evil] = Evil, ["list"] = new[] { Evil } },
            }
        );
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        Guid delivery = default;
        await Eventually.TrueAsync(async () =>
        {
            JsonElement failed = await api.GetFromJsonAsync<JsonElement>("deliveries?status=failed");
            return failed.GetProperty("items").EnumerateArray().Select(d => delivery = d.GetProperty("id").GetGuid()).Any();
        });
        return (webhook, delivery);
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/account/login");
        await page.GetByLabel("E-mail").FillAsync("<img/src=x/onerror=window.pwned=1>@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.IsAtAsync("**/p/default");
    }

    private static async Task<(string Page, string Address)> StoreByHandAsync(IPage page)
    {
        await page.GotoAsync("/p/default/settings/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync(Evil);
        await page.GetByLabel("Post events").CheckAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await Expect(page.GetByText("Your new API token")).ToBeVisibleAsync();

        await page.GotoAsync("/p/default/settings/event-types");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add event type" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync("evil.type");
        await page.GetByLabel("Description").FillAsync(Evil);
        await page.GetByLabel("Example payload").FillAsync(JsonSerializer.Serialize(new { evil = Evil }));
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByText(Evil[..4]).First).ToBeVisibleAsync();

        await page.GotoAsync("/p/default/inboxes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync(Evil);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create inbox" }).ClickAsync();
        await page.IsAtAsync("**/inboxes/*");
        string? address = await page.Locator("[data-copy*='/inbox/']").First.GetAttributeAsync("data-copy");
        return (new Uri(page.Url).AbsolutePath, new Uri(address!).AbsolutePath);
    }

    private static async Task PostToInboxAsync(Uri console, string address)
    {
        using FormBrowser browser = new(console);
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new StringContent(Evil, Encoding.UTF8, "text/html") };
        request.Headers.TryAddWithoutValidation("X-Webhook-Event", Evil);
        request.Headers.TryAddWithoutValidation("webhook-id", Evil);
        request.Headers.TryAddWithoutValidation("webhook-signature", Evil);
        using HttpResponseMessage answer = await browser.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
    }
}
