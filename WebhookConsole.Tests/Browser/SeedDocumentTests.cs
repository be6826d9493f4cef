using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// The manuals of the products whose webhooks this console has to serve, walked step by step with the words that they use. Where a manual's
/// word differs from the specification's, a comment says so, and the way takes as few steps.
/// </summary>
public sealed class SeedDocumentTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    // NovaVMS, "Create and rotate webhooks".
    [ChromiumFact]
    public async Task NovaVms_CreateAndRotate_AsItsManualSays()
    {
        await using SeededConsole console = await SeededConsole.StartAsync(
            new() { ["Delivery__AllowHttp"] = "false", ["Limits__WebhooksPerProject"] = "2" },
            empty: true
        );
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);

        // 1. Open Settings -> Webhooks from the left nav. 2. Click + Create Webhook.
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create Webhook" }).First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);

        // 3. Name, URL (must be HTTPS), event types, Enabled. HTTP is rejected with a validation error.
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Slack SOC");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("http://hooks.example.com/soc");
        await Expect(dialog.GetByLabel("Enabled")).ToBeCheckedAsync();
        await dialog.GetByLabel("Check the endpoint first").UncheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("https", new() { IgnoreCase = true });
        await Expect(dialog.GetByLabel("URL", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("https://hooks.example.com/soc");

        // 4. Click Create. 5. The secret is shown once in a modal.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        string first = await StoreSecretAsync(page);

        // Rotate: 1. Settings -> Webhooks. 2. Edit. 3. Rotate Secret. 4. A new secret appears in a modal.
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit Slack SOC" }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate Secret" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Dialog).Last.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).Last.ClickAsync();
        Assert.NotEqual(first, await StoreSecretAsync(page, dialogsBelow: 1));
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        // The audit log records webhook.secret_rotated with the actor and a timestamp.
        await SeededConsole.OpenAsync(page, "/p/default/settings/audit?action=webhook.secret_rotated");
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync(SeededConsole.EmailOf(Role.Owner));

        // Create returns 409 "Max webhooks reached".
        await console.CreateWebhookAsync("The last place", "/ok", new { url = "https://hooks.example.com/last" });
        using HttpResponseMessage full = await console.Api.PostAsJsonAsync(
            "webhooks",
            new
            {
                name = "One more",
                url = "https://hooks.example.com/more",
                verify = false,
            }
        );
        Assert.Equal(HttpStatusCode.Conflict, full.StatusCode);
        Assert.Contains("Max webhooks reached", await full.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await OpenWebhooksAsync(page);
        await Expect(page.Locator("main")).ToContainTextAsync("Max webhooks reached");

        // Rotate button not visible: your role is operator.
        await console.AddAsync(Role.Operator);
        IPage other = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(other, Role.Operator);
        await OpenWebhooksAsync(other);
        await other.GetByRole(AriaRole.Button, new() { Name = "Edit Slack SOC" }).Last.ClickAsync();
        await Expect(other.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Rotate Secret" })).ToHaveCountAsync(0);
    }

    // NovaVMS: "Click Test on the webhook row"; "The UI badge shows [ERR]. Fix the downstream issue, then flip the toggle back on."
    [ChromiumFact]
    public async Task NovaVms_TestAndAutoDisable_AsItsManualSays()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Test {SeededConsole.Healthy}" }).ClickAsync();
        await Expect(page.GetByText("200 in").First).ToBeVisibleAsync();
        Assert.Contains(console.Receiver.Requests, r => r.Text.Contains("\"test\":true", StringComparison.Ordinal));
        await SeededConsole.OpenAsync(page, "/p/default/events");
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("test", new() { IgnoreCase = true });

        await OpenWebhooksAsync(page);
        await Expect(page.GetByText("[ERR]").First).ToBeVisibleAsync();
        console.Repair();
        await page.GetByRole(AriaRole.Switch, new() { Name = SeededConsole.Failing }).ClickAsync();
        ILocator held = page.GetByRole(AriaRole.Dialog);
        await Expect(held).ToContainTextAsync("held");
        await held.GetByRole(AriaRole.Button).Filter(new() { HasText = "Send" }).First.ClickAsync();
        await Expect(page.GetByText("[ERR]")).ToHaveCountAsync(0);
    }

    // NovaVMS, "Webhook delivery failed".
    [ChromiumFact]
    public async Task NovaVms_DeliveryFailed_AsItsManualSays()
    {
        SeededConsole console = shared.Console;
        console.Break();
        await console.CreateWebhookAsync("Warehouse", "/fail/warehouse", new { retrySchedule = "none", eventTypes = new[] { "stock.*" } });
        await console.PostAsync("stock.changed");
        Guid failed = await console.DeliveryAsync("Warehouse", "failed");
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);

        // Symptom: a delivery shows Failed with the error webhook_delivery_failed. Open it: the Response body shows what the endpoint returned.
        await SeededConsole.OpenAsync(page, "/p/default/events");
        await page.GetByRole(AriaRole.Row)
            .Filter(new() { HasText = "stock.changed" })
            .Filter(new() { HasText = "Failed" })
            .GetByRole(AriaRole.Link)
            .First.ClickAsync();
        ILocator main = page.Locator("main");
        await Expect(main).ToContainTextAsync("webhook_delivery_failed");
        await Expect(main).ToContainTextAsync("Cannot read properties of undefined");

        // Verify: open the failed delivery and click Replay. The replay shows Succeeded with a 200 response.
        console.Repair();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Succeeded with 200").First).ToBeVisibleAsync();

        // The next live event delivers: check the top of the log. Collect the request_id.
        await console.PostAsync("stock.changed");
        await console.DeliveryAsync("Warehouse", "succeeded");
        await Expect(main.GetByText("Request ID", new() { Exact = false }).First).ToBeAttachedAsync();

        // Confirm the shared secret on the webhook's Signing tab.
        await SeededConsole.OpenAsync(page, $"/p/default/settings/webhooks/{console.Webhooks["Warehouse"]}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Signing", Exact = true }).ClickAsync();
        await Expect(main).ToContainTextAsync("whsec_…");
        Assert.NotEqual(Guid.Empty, failed);
    }

    // Nomod, "Managing Webhooks". Its "Signing secret field" is on the Signing tab, its "Generate" is "Rotate" (specification §4).
    [ChromiumFact]
    public async Task Nomod_ManagingWebhooks_AsItsManualSays()
    {
        await using SeededConsole console = await SeededConsole.StartAsync(new() { ["Secrets__Reveal"] = "AdminsMayReveal" });
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        ILocator main = page.Locator("main");

        // Editing: select the webhook, Edit, change the name, save.
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = SeededConsole.Off, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = SeededConsole.Off, Level = 1 })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Edit {SeededConsole.Off}" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync("Old archive");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Old archive", Level = 1 })).ToBeVisibleAsync();

        // The signing secret is masked; a button beside it rotates it, after a prompt, and the old one stays valid for 24 hours.
        await page.GetByRole(AriaRole.Link, new() { Name = "Signing", Exact = true }).ClickAsync();
        await Expect(main).ToContainTextAsync("whsec_…");
        await Expect(main.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).First).ToBeVisibleAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "Rotate Secret" }).First.ClickAsync();
        ILocator prompt = page.GetByRole(AriaRole.Dialog);
        await Expect(prompt).ToContainTextAsync("24 hours");
        await prompt.GetByRole(AriaRole.Button, new() { Name = "Rotate" }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(main).ToContainTextAsync("Expires in");

        // Events of one webhook, and of all: Settings > Webhooks > Events.
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = SeededConsole.Healthy, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = SeededConsole.Healthy, Level = 1 })).ToBeVisibleAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await Expect(main.GetByRole(AriaRole.Link, new() { Name = "order.created" }).First).ToBeVisibleAsync();
        await OpenWebhooksAsync(page);
        await main.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "order.created" }).First.ClickAsync();
        await page.IsAtAsync("**/settings/webhooks/events/*");

        // Details: name, time, status, integration type, Event Log ID, Webhook ID, URL, payload; Copy and Download.
        foreach (string fact in new[] { "order.created", "Succeeded", "Integration type", "Event Log ID", "Webhook ID", "URL" })
        {
            await Expect(main).ToContainTextAsync(fact, new() { IgnoreCase = true });
        }

        IDownload download = await page.RunAndWaitForDownloadAsync(() => main.GetByRole(AriaRole.Button, new() { Name = "Download" }).First.ClickAsync());
        Assert.EndsWith(".json", download.SuggestedFilename, StringComparison.Ordinal);

        // Deleting: Delete webhook, Delete to confirm.
        await OpenWebhooksAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Old archive", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Old archive", Level = 1 })).ToBeVisibleAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "Delete webhook" }).ClickAsync();
        await page.GetByLabel("Type Old archive to confirm").FillAsync("Old archive");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).Last.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Webhooks", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Old archive", Exact = true })).ToHaveCountAsync(0);
    }

    // Novee, "Getting Started": its two calls, as printed.
    [ChromiumFact]
    public async Task Novee_GettingStarted_AsItsManualSays()
    {
        SeededConsole console = shared.Console;
        using HttpResponseMessage registered = await console.Api.PostAsJsonAsync(
            new Uri(console.Url, "webhooks/register"),
            new
            {
                projectId = "default",
                url = console.Receiver.Url + "/novee",
                types = new[] { "FALL_DETECTION", "VITAL_THRESHOLD" },
            }
        );
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        JsonElement webhook = await registered.Content.ReadFromJsonAsync<JsonElement>();
        string id = webhook.GetProperty("_id").GetString()!;
        Assert.StartsWith("whsec_", webhook.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal(["FALL_DETECTION", "VITAL_THRESHOLD"], webhook.GetProperty("types").EnumerateArray().Select(t => t.GetString()!));

        using HttpResponseMessage tested = await console.Api.PostAsync(new Uri(console.Url, "webhooks/test/project/default"), null);
        Assert.Equal(HttpStatusCode.OK, tested.StatusCode);
        ReceivedRequest request = console.Receiver.Requests.Last(r => r.Path.EndsWith("/novee", StringComparison.Ordinal));
        Assert.Equal("""{"test":"test"}""", request.Text);
        Assert.NotEmpty(request.Header("X-Signature"));
        Assert.NotEmpty(request.Header("X-Timestamp"));

        // The console shows both: the webhook and its TEST event.
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);
        await SeededConsole.OpenAsync(page, $"/p/default/settings/webhooks/{id}/events");
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("TEST");
    }

    // Revnoxa, "Webhooks". Its "Add Endpoint" is "+ Create Webhook" (specification §1: a Revnoxa endpoint is a webhook).
    [ChromiumFact]
    public async Task Revnoxa_Webhooks_AsItsManualSays()
    {
        SeededConsole console = shared.Console;
        IPage page = await Browser.NewPageAsync(console.Url);
        await console.SignInAsync(page);

        // The palette finds the button under the manual's own word.
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Search webhooks" }).FillAsync("add endpoint");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Create webhook");
        await page.Keyboard.PressAsync("Enter");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Incidents");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync(console.Receiver.Url + "/incidents");

        // "Immediately sends a test event. If it responds with a 2xx status, the webhook is active."
        await Expect(dialog.GetByLabel("Check the endpoint first")).ToBeCheckedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await StoreSecretAsync(page);
        Assert.Contains(console.Receiver.Requests, r => r.Path.EndsWith("/incidents", StringComparison.Ordinal));

        // "Click on any endpoint to see its delivery history": type, time, status code, response body.
        await page.GetByRole(AriaRole.Link, new() { Name = "Incidents", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Incidents", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Active");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("200");

        // "Click Rotate Secret on the endpoint page."
        await page.GetByRole(AriaRole.Button, new() { Name = "More actions for Incidents" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Rotate Secret" })).ToBeVisibleAsync();
    }

    private static async Task OpenWebhooksAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Webhooks", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Webhooks", Level = 1 })).ToBeVisibleAsync();
        await SeededConsole.ReadyAsync(page);
    }

    private static async Task<string> StoreSecretAsync(IPage page, int dialogsBelow = 0)
    {
        ILocator field = page.GetByRole(AriaRole.Dialog).GetByLabel("Signing secret of");
        await Expect(field).Not.ToHaveValueAsync("");
        string secret = await field.InputValueAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have stored it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(dialogsBelow);
        return secret;
    }
}
