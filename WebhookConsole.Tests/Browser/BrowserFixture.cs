using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>One real Chromium for the tests of a class. Two classes at once cannot share one: it has one clipboard and one focus.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>The console's name in the manuals; here it leads to this machine.</summary>
    public const string PublicName = "console.example.com";

    // The machines that run the tests also do other things; only what fails waits so long.
    private const int PatienceMs = 30_000;

    // The driver is a process of its own; it ends with that of the tests.
    private static readonly Lazy<Task<IPlaywright>> s_playwright = new(Playwright.CreateAsync);

    // A walk keeps a core busy. With more walks than cores, browsers exceed their time limits and no walk ends sooner.
    private static readonly SemaphoreSlim s_cores = new(Environment.ProcessorCount);

    private IBrowser? _browser;
    private bool _holdsCore;

    static BrowserFixture() => Assertions.SetDefaultExpectTimeout(PatienceMs);

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is not null)
        {
            return;
        }

        RequiredTool.Chromium.Demand();
        await s_cores.WaitAsync();
        _holdsCore = true;
        _browser = await (await s_playwright.Value).Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = RequiredTool.Chromium.File,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    $"--host-resolver-rules=MAP {PublicName} 127.0.0.1",
                ],
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_holdsCore)
        {
            s_cores.Release();
        }
    }

    /// <summary>Closes all pages. Those of a test that is over would go on asking for news.</summary>
    public async Task CloseAsync()
    {
        foreach (IBrowserContext context in _browser?.Contexts.ToArray() ?? [])
        {
            await context.CloseAsync();
        }
    }

    /// <summary>A page of a new, empty profile.</summary>
    public async Task<IPage> NewPageAsync(
        Uri baseUrl,
        ColorScheme scheme = ColorScheme.Light,
        int width = 1280,
        int height = 900,
        string? timeZone = null,
        bool anyCertificate = false
    )
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = baseUrl.AbsoluteUri,
                ColorScheme = scheme,
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ReducedMotion = ReducedMotion.Reduce,
                TimezoneId = timeZone,
                IgnoreHTTPSErrors = anyCertificate,
                Permissions = ["clipboard-read", "clipboard-write"],
            }
        );
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(PatienceMs);
        return page;
    }
}
