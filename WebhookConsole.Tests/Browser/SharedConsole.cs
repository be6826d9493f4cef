using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>
/// One seeded console for all tests of a class, because starting and warming up one takes longer than most of them. They run one after the
/// other; what a test leaves behind must not matter to the others.
/// </summary>
public sealed class SharedConsole : IAsyncLifetime
{
    private SeededConsole? _console;

    public SeededConsole Console => _console ?? throw new InvalidOperationException("There is no Chromium, so nothing was started.");

    public async Task InitializeAsync() => _console = RequiredTool.Chromium.SkipReason is null ? await SeededConsole.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }
    }
}

/// <summary>A test with a page of its own on the console of its class.</summary>
public abstract class SharedConsoleTest(BrowserFixture browser) : IClassFixture<BrowserFixture>, IClassFixture<SharedConsole>, IAsyncLifetime
{
    protected BrowserFixture Browser { get; } = browser;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Browser.CloseAsync();
}
