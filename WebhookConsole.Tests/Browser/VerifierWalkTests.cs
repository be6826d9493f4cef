using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Verifying a signature, receiver code and Rotate Secret in the edit dialog, on real screens.</summary>
public sealed class VerifierWalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Token = "set-up-token-of-the-tests-0123456789";

    [ChromiumFact]
    public async Task Verifier_AttemptAndPastedText_NamesTheMistake()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using ConsoleProcess console = await StartAsync();
        using HttpClient api = ApiOf(console);
        string secret = SigningSecret.Generate().Text;
        await CreateWebhookAsync(api, receiver.Url, secret);
        await api.PostAsJsonAsync("events", new { type = "order.created", payload = new { b = 1, a = "é" } });
        ReceivedRequest received = (await receiver.ReceivedAsync(1))[0];
        IPage page = await browser.NewPageAsync(console.Url);
        Screenshots shots = new(page, "verifier");
        await SignInAsync(page, "/p/default/events");

        // From a delivery: nothing to paste, and no secret in the page.
        await page.GetByRole(AriaRole.Link, new() { Name = "order.created" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Check with Verifier" }).ClickAsync();
        ILocator result = page.GetByRole(AriaRole.Region, new() { Name = "Result" });
        await Expect(result).ToContainTextAsync("The signature is valid");
        await Expect(result).ToContainTextAsync("is the current secret of “Receiver”");
        Assert.DoesNotContain(secret[6..], await page.ContentAsync(), StringComparison.Ordinal);
        await shots.TakeAsync("attempt");
        await AssertNothingSeriousAsync(page);

        // What a receiver that sorts its JSON would paste, with the secret of another webhook.
        await page.GetByLabel("Body", new() { Exact = true }).FillAsync("""{"a": "é", "b": 1}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();
        await Expect(result).ToContainTextAsync("Not valid: the body was changed");
        await page.GetByLabel("Body", new() { Exact = true }).FillAsync(received.Text);
        await page.GetByLabel("Secret of your receiver").FillAsync(SigningSecret.Generate().Text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();
        await Expect(result).ToContainTextAsync("Not valid: the receiver’s secret is wrong");
        await Expect(result).ToContainTextAsync("but “Receiver” signs with");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await shots.TakeAsync("other-secret-dark");
        await AssertNothingSeriousAsync(page);

        // The code of a receiver that takes the secret as text.
        await page.GetByLabel("Secret of your receiver").FillAsync("");
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{received.WebhookId}.{received.Header("webhook-timestamp")}."), .. received.Body];
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        await page.GetByLabel("Signature that your code computes").FillAsync(Convert.ToBase64String(hash));
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();
        await Expect(result).ToContainTextAsync("but your code computes a different one");
        await Expect(result).ToContainTextAsync("it used the text with 'whsec_' as the key");

        // What was pasted stays out of the address, the log and the files.
        Assert.DoesNotContain("whsec_", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[6..], console.Output, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task ReceiverCode_ByKeyboard_ChangesLanguageAndSendsATest()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using ConsoleProcess console = await StartAsync();
        using HttpClient api = ApiOf(console);
        Guid id = await CreateWebhookAsync(api, receiver.Url, SigningSecret.Generate().Text);
        IPage page = await browser.NewPageAsync(console.Url);
        Screenshots shots = new(page, "receiver-code");
        await SignInAsync(page, $"/p/default/settings/webhooks/{id}/signing");

        ILocator tabs = page.GetByRole(AriaRole.Tablist, new() { Name = "Language" });
        await tabs.GetByRole(AriaRole.Tab, new() { Name = "C#" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        ILocator python = tabs.GetByRole(AriaRole.Tab, new() { Name = "Python" });
        await Expect(python).ToBeFocusedAsync();
        await Expect(python).ToHaveAttributeAsync("aria-selected", "true");
        ILocator code = page.Locator("#receiver-text");
        await Expect(code).ToContainTextAsync("from standardwebhooks.webhooks import Webhook");
        await page.GetByText("Without a library").ClickAsync();
        await Expect(code).ToContainTextAsync("hmac.compare_digest");
        await shots.TakeAsync("python", show: tabs);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        Assert.Equal(await code.TextContentAsync(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test to my receiver now" }).ClickAsync();
        await Expect(page.GetByText("200 in").First).ToBeVisibleAsync();
        await AssertNothingSeriousAsync(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await shots.TakeAsync("python-dark", show: tabs);
        await AssertNothingSeriousAsync(page);
        Assert.Single(receiver.Requests);
    }

    [ChromiumFact]
    public async Task EditDialog_RotateSecret_RotatesAndKeepsWhatWasTyped()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using ConsoleProcess console = await StartAsync();
        using HttpClient api = ApiOf(console);
        await CreateWebhookAsync(api, receiver.Url, SigningSecret.Generate().Text);
        IPage page = await browser.NewPageAsync(console.Url);
        Screenshots shots = new(page, "edit-rotate");
        await SignInAsync(page, "/p/default/settings/webhooks");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit Receiver" }).ClickAsync();
        ILocator name = page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true });
        await name.FillAsync("Renamed");
        ILocator rotate = page.GetByRole(AriaRole.Button, new() { Name = "Rotate Secret" });
        await shots.TakeAsync("dialog", show: rotate);
        await AssertNothingSeriousAsync(page);
        await rotate.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate with overlap" }).ClickAsync();
        ILocator secret = page.GetByLabel("Signing secret of Receiver");
        await Expect(secret).Not.ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(secret).ToHaveCountAsync(0);
        await Expect(rotate).ToBeFocusedAsync();
        await Expect(name).ToHaveValueAsync("Renamed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Renamed", Exact = true })).ToBeVisibleAsync();

        // Straight to the code for the new secret.
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit Renamed" }).ClickAsync();
        await rotate.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate with overlap" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stored it, show receiver code" }).ClickAsync();
        await page.IsAtAsync("**/signing#receiver-code");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Receiver code" })).ToBeInViewportAsync();
    }

    private static Task<ConsoleProcess> StartAsync() =>
        ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
            }
        );

    private static HttpClient ApiOf(ConsoleProcess console)
    {
        HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    private static async Task<Guid> CreateWebhookAsync(HttpClient api, string url, string secret)
    {
        HttpResponseMessage response = await api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = "Receiver",
                url,
                secret,
                verify = false,
            }
        );
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).Id();
    }

    private static async Task SignInAsync(IPage page, string path)
    {
        await page.GotoAsync("/account/login?returnUrl=" + Uri.EscapeDataString(path));
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.IsAtAsync("**" + path);
    }

    private static async Task AssertNothingSeriousAsync(IPage page) => Assert.Empty(await Accessibility.FindAsync(page));
}
