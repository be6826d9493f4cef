using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Components.Docs;
using WebhookConsole.Tests.Receivers;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Browser;

/// <summary>The page at <c>/docs</c>: complete, safe, accessible, and with programs that work as printed.</summary>
public sealed class DocsTests(BrowserFixture browser, SharedConsole shared) : SharedConsoleTest(browser)
{
    [ChromiumFact]
    public async Task Docs_EveryCallOfTheDocument_IsThereAndReadable()
    {
        SeededConsole console = shared.Console;
        using HttpClient anybody = new(new SocketsHttpHandler()) { BaseAddress = console.Url };
        JsonElement document = await anybody.GetFromJsonAsync<JsonElement>("openapi/v1.json");
        string[] calls =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(p => p.Value.EnumerateObject())
                .Select(o => o.Value.GetProperty("operationId").GetString()!),
        ];
        Assert.True(calls.Length >= 18);
        IPage page = await Browser.NewPageAsync(console.Url);
        List<string> troubles = [];
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                troubles.Add(message.Text);
            }
        };
        await page.GotoAsync("/docs");
        foreach (string call in calls)
        {
            await Expect(page.Locator($"[id='{call}']")).ToHaveCountAsync(1);
        }

        // A link of the contents opens its call.
        await page.GetByRole(AriaRole.Link, new() { Name = "createWebhook", Exact = true }).ClickAsync();
        ILocator create = page.Locator("#createWebhook");
        await Expect(create).ToBeVisibleAsync();
        await Expect(create).ToContainTextAsync("webhooks:write");
        await Expect(create).ToContainTextAsync("max_webhooks_reached");
        await Expect(create.GetByRole(AriaRole.Table).Nth(1)).ToContainTextAsync("retrySchedule");

        // "Copy as curl" copies the whole command with this installation's address.
        await create.GetByRole(AriaRole.Button, new() { Name = "Copy: As curl" }).ClickAsync();
        string copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.StartsWith($"curl --request POST '{console.Url.AbsoluteUri}api/v1/projects/default/webhooks'", copied, StringComparison.Ordinal);
        Assert.Contains("$WEBHOOKCONSOLE_TOKEN", copied, StringComparison.Ordinal);

        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => { d.name = ''; d.open = true; })");
        foreach (int width in new[] { 1440, 390 })
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page is wider than {width} px.");
            foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                Assert.Empty(await Accessibility.FindAsync(page, colorsOnly: scheme == ColorScheme.Dark));
            }
        }

        Assert.Empty(troubles);
    }

    [ChromiumFact]
    public async Task Programs_AsPrinted_PostOneEventHoweverOftenTheyRun()
    {
        SeededConsole console = shared.Console;
        Dictionary<string, string> programs = PostExamples
            .Of(console.Url.AbsoluteUri, "default")
            .ToDictionary(e => e.Language, e => e.Code, StringComparer.Ordinal);
        Assert.Equal(["C#", "Node.js", "Python", "curl"], programs.Keys.Order(StringComparer.Ordinal));
        foreach (
            (string program, string[] arguments) in new[]
            {
                ("/bin/sh", new[] { "-c", programs["curl"] }),
                ("node", ["--input-type=module", "-e", programs["Node.js"]]),
                ("/usr/bin/python3", ["-c", programs["Python"]]),
            }
        )
        {
            string output = await RunAsync(program, arguments);
            Assert.True(output.Contains("\"deliveries\"", StringComparison.Ordinal), $"{program}: {output}");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("webhookconsole-docs-");
        try
        {
            string source = Path.Combine(folder.FullName, "post.cs");
            await File.WriteAllTextAsync(source, programs["C#"]);
            string program = Path.Combine(folder.FullName, "post.dll");
            await CSharpCompiler.CompileAsync(source, program);
            Assert.Contains("\"duplicate\":true", await RunAsync("dotnet", [program]), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // The same id each time: one event.
        JsonElement deliveries = await console.Api.GetFromJsonAsync<JsonElement>(
            $"deliveries?webhookId={console.Webhooks[SeededConsole.Healthy]}&eventType=order.created"
        );
        Assert.Single(
            deliveries.GetProperty("items").EnumerateArray().ToArray(),
            d => console.Receiver.Requests.Any(r => r.WebhookId == d.GetProperty("eventId").GetString() && r.Text == """{"orderId":"ord_1001","total":129.9}""")
        );
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["WEBHOOKCONSOLE_TOKEN"] = SeededConsole.Token;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
