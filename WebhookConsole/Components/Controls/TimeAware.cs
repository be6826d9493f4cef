using Microsoft.AspNetCore.Components;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Controls;

/// <summary>Base of components that write wall-clock times: they render again when the browser's zone becomes known.</summary>
public abstract class TimeAware : ComponentBase, IDisposable
{
    [Inject]
    protected BrowserTime Time { get; set; } = default!;

    public void Dispose()
    {
        Time.Changed -= OnZoneKnown;
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized() => Time.Changed += OnZoneKnown;

    // This is deliberately not awaited: the event has nobody to report to, and a closed circuit drops it.
    private void OnZoneKnown(object? sender, EventArgs e) => _ = InvokeAsync(StateHasChanged);
}
