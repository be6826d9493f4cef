using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>Pages of one real Chromium, which all classes share: its profiles do not know of each other.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>The console's name in the manuals; here it leads to this machine.</summary>
    public const string PublicName = "console.example.com";

    // The machines that run the tests also do other things; only what fails waits so long.
    private const int PatienceMs = 30_000;

    // Ends with the process of the tests.
    private static readonly Lazy<Task<IBrowser>> s_browser = new(LaunchAsync);

    private readonly List<IBrowserContext> _contexts = [];

    static BrowserFixture() => Assertions.SetDefaultExpectTimeout(PatienceMs);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => CloseAsync();

    /// <summary>Closes the pages of this class. Those of a test that is over would go on asking for news.</summary>
    public async Task CloseAsync()
    {
        foreach (IBrowserContext context in _contexts)
        {
            await context.CloseAsync();
        }

        _contexts.Clear();
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
        IBrowser browser = await s_browser.Value;
        IBrowserContext context = await browser.NewContextAsync(
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
        _contexts.Add(context);
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(PatienceMs);
        return page;
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        RequiredTool.Chromium.Demand();
        IPlaywright playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(
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
}
