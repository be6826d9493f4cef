using Microsoft.AspNetCore.Components;
using WebhookConsole.Components.Gate;
using WebhookConsole.Health;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Installation;

/// <summary>The installation page for owners.</summary>
public sealed partial class InstallationPage
{
    private LoadState<InstallationState> _state = LoadState.Loading<InstallationState>();

    [Inject]
    private Health.Installation Installation { get; set; } = default!;

    [Inject]
    private CircuitLimits Circuits { get; set; } = default!;

    protected override async Task LoadAsync() =>
        _state = await Page.ReadAsync(async actor => await Installation.ReadAsync(actor, Circuits.Count, Page.Closing));
}
