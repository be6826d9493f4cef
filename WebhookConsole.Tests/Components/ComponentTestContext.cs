using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components;

/// <summary>What the controls need, with a clock that the test moves.</summary>
public abstract class ComponentTestContext : BunitContext
{
    protected ComponentTestContext()
    {
        // A busy machine needs longer than the one second that bUnit waits by default.
        DefaultWaitTimeout = TimeSpan.FromSeconds(15);
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<UiTicker>();
        Services.AddScoped<BrowserTime>();
        Services.AddScoped<FirstTitle>();
        Services.AddScoped<DialogService>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    internal SteppedClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 14, 5, 9, TimeSpan.Zero));
}
