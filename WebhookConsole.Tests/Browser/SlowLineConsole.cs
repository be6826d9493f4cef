using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>One console with a webhook that has delivered, for the tests of a class. Their changes do not affect each other.</summary>
public sealed class SlowLineConsole : IAsyncLifetime
{
    private ConsoleProcess? _process;

    public ConsoleProcess Process => _process ?? throw new InvalidOperationException("There is no Chromium, so nothing was started.");

    public Guid Webhook { get; private set; }

    /// <summary>The owner's; null until the first page has signed in.</summary>
    public SignedIn? Session { get; set; }

    public async Task InitializeAsync()
    {
        if (RequiredTool.Chromium.SkipReason is null)
        {
            _process = await SlowLineTests.StartAsync();
            Webhook = await SlowLineTests.FillAsync(_process);
        }
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
