using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Live;

namespace WebhookConsole.Components;

/// <summary>Base of the pages behind the sign-in; it decides when a page reads. The page reads and acts through its <see cref="PageHost"/>.</summary>
[Authorize]
public abstract class ConsolePage : ComponentBase
{
    /// <summary>The slug in the address; empty on pages of the installation.</summary>
    [Parameter]
    public string ProjectSlug { get; set; } = "";

    [CascadingParameter]
    protected PageHost Page { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>Changes in the project after which the page reads again.</summary>
    protected virtual IReadOnlyCollection<ChangeKind> Follows => [];

    /// <summary>The minimum time between two refreshes after changes.</summary>
    protected virtual TimeSpan Rest => PageHost.Rest;

    /// <summary>Called when the page is opened and when its address changes.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Called after a change that the page follows, and when the person's rights have changed.</summary>
    protected virtual Task RefreshAsync() => LoadAsync();

    // Listening begins before the first read, so that no change falls between. It ends with the host.
    protected override void OnInitialized() =>
        Page.Follow(
            Follows,
            async () =>
            {
                await RefreshAsync();
                StateHasChanged();
            },
            () => Rest
        );

    protected override Task OnParametersSetAsync() => LoadAsync();
}
