using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Deliveries;
using WebhookConsole.Live;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>One delivery, beside the list. It follows the delivery while it is open, and replays it.</summary>
public sealed partial class DeliveryPanel
{
    private DeliveryReader _reader = default!;
    private ElementReference _heading;
    private bool _focus;
    private IDisposable? _following;

    [Parameter, EditorRequired]
    public Guid DeliveryId { get; set; }

    /// <summary>The list without the panel.</summary>
    [Parameter, EditorRequired]
    public string CloseHref { get; set; } = "";

    /// <summary>The delivery on a page of its own, with the same list behind it.</summary>
    [Parameter, EditorRequired]
    public string FullHref { get; set; } = "";

    /// <summary>Link to it; null when there is none in the list.</summary>
    [Parameter]
    public string? NewerHref { get; set; }

    /// <summary>Link to it; null when there is none in the list.</summary>
    [Parameter]
    public string? OlderHref { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private ReplayService Replays { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    public void Dispose() => _following?.Dispose();

    protected override void OnInitialized()
    {
        _reader = new DeliveryReader(Page, Deliveries, Replays, Dialogs);
        _following = Page.Follow(
            [ChangeKind.Deliveries],
            async () =>
            {
                await _reader.RefreshAsync();
                StateHasChanged();
            }
        );
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_reader.Id != DeliveryId)
        {
            _focus = true;
            await _reader.OpenAsync(DeliveryId);
        }
    }

    // The focus moves into the panel, so that the next Tab reaches it. The list does not scroll.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await _heading.FocusAsync(preventScroll: true);
        }
    }
}
