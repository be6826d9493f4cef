using System.Collections.Concurrent;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>The published file alone, in an empty folder, serves the whole console (specification §13). `.ci/run` publishes it.</summary>
public sealed class SingleFileTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Password = "three unrelated words";

    [SingleFileFact]
    public async Task SingleFile_AloneInAnEmptyFolder_ServesTheConsole()
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-one-").FullName;
        string file = Path.Combine(folder, "webhookconsole");
        File.Copy(SingleFileFactAttribute.File!, file);
        string elsewhere = Directory.CreateTempSubdirectory("webhookconsole-elsewhere-").FullName;
        Dictionary<string, string> owner = new(StringComparer.Ordinal) { ["Setup__OwnerEmail"] = "owner@example.com", ["Setup__OwnerPassword"] = Password };
        try
        {
            await using ConsoleProcess console = await ConsoleProcess.StartAsync(file, [], elsewhere, owner);
            IPage page = await browser.NewPageAsync(console.Url);
            ConcurrentBag<string> wrong = [];
            page.Response += (_, response) =>
            {
                if (response.Status >= 400)
                {
                    wrong.Add($"{response.Status} {response.Url}");
                }
            };

            await page.GotoAsync("/");
            await page.GetByLabel("E-mail").FillAsync("owner@example.com");
            await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();

            // Interactive (the circuit and its script work) and styled (a font of the package arrived).
            await page.GetByRole(AriaRole.Link, new() { Name = "API tokens", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "API tokens", Level = 1 })).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.fonts.ready.then(() => [...document.fonts].some(f => f.status === 'loaded'))"));
            Assert.Empty(wrong);

            // What it wrote lies beside the file, not where it was started.
            Assert.Equal(["data", "webhookconsole"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A fact that needs Chromium and the published file, whose path is in <c>WEBHOOKCONSOLE_SINGLE_FILE</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SingleFileFactAttribute : FactAttribute
{
    public SingleFileFactAttribute() =>
        Skip = RequiredTool.InCi
            ? null
            : RequiredTool.Chromium.SkipReason ?? (File is null ? "NOT TESTED: WEBHOOKCONSOLE_SINGLE_FILE does not name a published file." : null);

    public static string? File => Environment.GetEnvironmentVariable("WEBHOOKCONSOLE_SINGLE_FILE");
}
