using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>Secrets on real screens: import, reveal with the password, and nothing of them on any page, in the log or in the files.</summary>
public sealed class SecretTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Email = "owner@example.com";
    private const string Password = "passphrase-of-the-owner-4711";
    private const string Token = "set-up-token-of-the-tests-0123456789";
    private const string Header = "Bearer credential-of-the-gateway-8f3a";
    private const string NewHeader = "Bearer next-credential-of-the-gateway-77aa";

    [ChromiumFact]
    public async Task Reveal_WithThePassword_ShowsTheImportedSecretAndNothingElseDoes()
    {
        string secret = "whsec_" + Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(40));
        LeakSearch search = new();
        search.Add("the secret", secret);
        search.Add("the password", Password);
        search.Add("the token", Token);
        search.Add("the value of a header", Header);
        search.Add("the new value of a header", NewHeader);
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(
            new Dictionary<string, string>
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = Token,
                ["Secrets__Reveal"] = "AdminsMayReveal",
                ["Logging__LogLevel__Default"] = "Trace",
                ["Logging__LogLevel__Microsoft"] = "Trace",
                ["Logging__Console__LogLevel__Microsoft.AspNetCore.SignalR.Internal"] = "Trace",
                ["Logging__Console__LogLevel__Default"] = "Trace",
                ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Debug",
                ["Logging__LogLevel__Microsoft.AspNetCore.DataProtection"] = "Trace",
            }
        );
        IPage page = await browser.NewPageAsync(console.Url);
        Screenshots shots = new(page, "secrets");
        await SignInAsync(page);
        await ImportAsync(page, shots, secret);
        await page.GetByRole(AriaRole.Link, new() { Name = "Imported", Exact = true }).First.ClickAsync();
        await ReplaceHeaderAsync(page, shots);
        await PostAsync(console);
        await LookAtAttemptAsync(page, shots, search);
        await page.GetByRole(AriaRole.Link, new() { Name = "Signing" }).ClickAsync();
        await shots.TakeAsync("hidden");
        await RevealAsync(page, shots, "not this one at all");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("not your password");
        await shots.TakeAsync("wrong-password");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
        ILocator field = page.Locator(".secret-reveal input");
        await Expect(field).ToHaveValueAsync(secret);
        await Expect(field).ToBeFocusedAsync();
        await shots.TakeAsync("revealed", hide: field);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await shots.TakeAsync("revealed-dark", hide: field);

        // Left and come back to: it is gone.
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Signing" }).ClickAsync();
        await Expect(field).Not.ToHaveValueAsync(secret);
        await SearchAsync(page, search);
        Assert.Empty(search.Find("log", console.Output));
        Assert.Contains("Executed DbCommand", console.Output, StringComparison.Ordinal);
        foreach (
            string file in Directory.EnumerateFiles(console.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            Assert.Empty(search.Find(file, bytes));
        }
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/account/login?returnUrl=%2Fp%2Fdefault%2Fsettings%2Fwebhooks");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.IsAtAsync("**/settings/webhooks");
    }

    private static async Task ImportAsync(IPage page, Screenshots shots, string secret)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Imported");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("http://127.0.0.1:9/");
        await dialog.GetByLabel("Check the endpoint first").UncheckAsync();
        await dialog.GetByText("Advanced").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add header" }).ClickAsync();
        await dialog.GetByLabel("Name of header 1").FillAsync("Authorization");
        await dialog.GetByLabel("Value of header 1").FillAsync(Header);
        ILocator field = dialog.GetByLabel("Import a secret");
        await field.FillAsync("whsec_c2hvcnQ=");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        // The hint below the field also says how many bytes there must be.
        await Expect(dialog).ToContainTextAsync("is base64 of 5 bytes");
        await shots.TakeAsync("import-refused");
        await field.FillAsync(secret);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await Expect(page.GetByLabel("Signing secret of Imported")).ToHaveValueAsync(secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task ReplaceHeaderAsync(IPage page, Screenshots shots)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Authorization: …8f3a")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Advanced").ClickAsync();
        ILocator replace = dialog.GetByRole(AriaRole.Button, new() { Name = "Replace the value of Authorization" });
        await replace.ScrollIntoViewIfNeededAsync();
        await shots.TakeAsync("header-stored", show: replace);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await shots.TakeAsync("header-stored-dark", show: replace);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await replace.ClickAsync();
        ILocator value = dialog.GetByLabel("New value of Authorization");
        await Expect(value).ToBeFocusedAsync();
        await shots.TakeAsync("header-replace", show: value);
        await value.FillAsync(NewHeader);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByText("Authorization: …77aa")).ToBeVisibleAsync();
    }

    private static async Task LookAtAttemptAsync(IPage page, Screenshots shots, LeakSearch search)
    {
        string webhook = page.Url;
        await page.GotoAsync("/p/default/events");
        await page.GetByRole(AriaRole.Link, new() { Name = "order.created" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Authorization …77aa" })).ToBeVisibleAsync();
        await shots.TakeAsync("header-in-an-attempt");
        Assert.Empty(search.Find("the attempt", await page.ContentAsync()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy as curl" }).ClickAsync();
        Assert.Contains("<value of Authorization>", await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        await page.GotoAsync(webhook);
    }

    private static async Task PostAsync(ConsoleProcess console)
    {
        using HttpClient api = new(new SocketsHttpHandler()) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage response = await api.PostAsJsonAsync("events", new { type = "order.created", payload = new { n = 1 } });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
    }

    private static async Task RevealAsync(IPage page, Screenshots shots, string password)
    {
        await page.Locator(".secret-reveal").GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Your password")).ToBeFocusedAsync();
        await shots.TakeAsync("password");
        await dialog.GetByLabel("Your password").FillAsync(password);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
    }

    private static async Task SearchAsync(IPage page, LeakSearch search)
    {
        string here = new Uri(page.Url).AbsolutePath;
        string[] tabs = ["", "/events", "/signing", "/settings", "/activity"];
        string webhook = here[..here.LastIndexOf('/')];
        string[] pages = ["", "/events", "/settings/webhooks", "/settings/event-types", "/settings/tokens", "/settings/audit", "/inboxes", "/verifier"];
        foreach (string path in pages.Select(p => "/p/default" + p).Concat(tabs.Select(t => webhook + t)))
        {
            await page.GotoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            string values = await page.EvaluateAsync<string>("[...document.querySelectorAll('input, textarea')].map(f => f.value).join('\\n')");
            Assert.Empty(search.Find(path, await page.ContentAsync() + values));
        }
    }
}
