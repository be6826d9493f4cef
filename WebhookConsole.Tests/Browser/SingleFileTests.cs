using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>The published file alone, in an empty folder, serves the whole console (specification §13). `.ci/run` publishes it.</summary>
public sealed class SingleFileTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Password = "three unrelated words";

    private const long MaxFirstVisit = 300 * 1024;

    /// <summary>Everything that comes from the server until the page shows its data, the connection of the circuit included.</summary>
    [SingleFileFact]
    public async Task FirstVisit_OfEachPage_StaysWithin300Kilobytes()
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-one-").FullName;
        string file = Path.Combine(folder, "webhookconsole");
        File.Copy(BuiltConsole.SingleFile!, file);
        Dictionary<string, string> owner = new(StringComparer.Ordinal) { ["Setup__OwnerEmail"] = "owner@example.com", ["Setup__OwnerPassword"] = Password };
        await using ConsoleProcess console = await ConsoleProcess.StartAsync(file, [], folder, owner);
        List<string> sizes = [];

        // The sign-in itself must not count as part of a page.
        SignedIn session = await SignedIn.ByFormAsync(await browser.NewPageAsync(console.Url), "owner@example.com", Password);
        foreach (string path in new[] { "/p/default", "/p/default/events", "/p/default/settings/webhooks", "/p/default/verifier", "/installation" })
        {
            // A new profile each time, so that nothing is in its cache.
            await browser.CloseAsync();
            IPage page = await browser.NewPageAsync(console.Url);
            await session.GiveAsync(page);
            await using SlowLine line = new(console.Url, TimeSpan.Zero);
            await page.GotoAsync(new Uri(line.Url, path).AbsoluteUri);
            await Assertions.Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".skeleton-rows")).ToHaveCountAsync(0);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            sizes.Add($"{path}: {line.Received}");
            Assert.True(line.Received <= MaxFirstVisit, string.Join(", ", sizes));

            // What carries the hash of its bytes is never asked for again.
            string[] uncached = await page.EvaluateAsync<string[]>(
                """
                () => Promise.all([...document.querySelectorAll('link[rel=stylesheet], script[src]')].map(async e => {
                  const answer = await fetch(e.href || e.src);
                  return answer.headers.get('Cache-Control') === 'max-age=31536000, immutable' ? '' : e.href || e.src;
                })).then(all => all.filter(Boolean))
                """
            );
            Assert.Empty(uncached);
        }
    }

    [SingleFileFact]
    public async Task Start_AssetsOfAnotherBuild_AreRemovedByTheOwnerOfTheFolderAlone()
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-assets-").FullName;
        string data = Path.Combine(folder, "data");
        string other = Directory.CreateDirectory(Path.Combine(data, "assets", "other")).FullName;
        Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["Storage__Directory"] = data };
        await using ConsoleProcess console = await ConsoleProcess.StartAsync(BuiltConsole.SingleFile!, [], folder, settings);
        Assert.False(Directory.Exists(other));

        Directory.CreateDirectory(other);
        using Process refused = Process.Start(BuiltConsole.Start($"--Storage:Directory={data}", $"--Urls=http://127.0.0.1:{Ports.Free()}"))!;
        Assert.Contains("is in use by another WebhookConsole", await refused.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await refused.WaitForExitAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.True(Directory.Exists(other));
    }

    [SingleFileFact]
    public async Task SingleFile_AloneInAnEmptyFolder_ServesTheConsole()
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-one-").FullName;
        string file = Path.Combine(folder, "webhookconsole");
        File.Copy(BuiltConsole.SingleFile!, file);
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

            await SignInAsync(page);

            // Interactive (the circuit and its script work) and styled (a font arrived).
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

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync("owner@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
    }
}

/// <summary>A fact that needs Chromium and the published file, whose path is in <c>WEBHOOKCONSOLE_SINGLE_FILE</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SingleFileFactAttribute : FactAttribute
{
    public SingleFileFactAttribute() =>
        Skip = RequiredTool.InCi
            ? null
            : RequiredTool.Chromium.SkipReason
                ?? (BuiltConsole.SingleFile is null ? "NOT TESTED: WEBHOOKCONSOLE_SINGLE_FILE does not name a published file." : null);
}
