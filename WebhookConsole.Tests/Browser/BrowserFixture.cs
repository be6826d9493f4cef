using Microsoft.Playwright;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>One real Chromium for the tests of a class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is not null)
        {
            return;
        }

        RequiredTool.Chromium.Demand();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
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

        _playwright?.Dispose();
    }

    /// <summary>A page of a new, empty profile.</summary>
    public async Task<IPage> NewPageAsync(Uri baseUrl, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900, string? timeZone = null)
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = baseUrl.AbsoluteUri,
                ColorScheme = scheme,
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ReducedMotion = ReducedMotion.Reduce,
                TimezoneId = timeZone,
                Permissions = ["clipboard-read", "clipboard-write"],
            }
        );
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        return page;
    }
}
