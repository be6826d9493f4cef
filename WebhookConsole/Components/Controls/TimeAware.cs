using Microsoft.AspNetCore.Components;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Controls;

/// <summary>Base of components that write wall-clock times: the browser's zone is known only after the first page was shown, and they then say it anew.</summary>
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

    // Not awaited on purpose: the event has nobody to report to, and a circuit that is gone drops it.
    private void OnZoneKnown(object? sender, EventArgs e) => _ = InvokeAsync(StateHasChanged);
}
