using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>One delivery, beside the list. It follows the delivery while it is open, and replays it.</summary>
public sealed partial class DeliveryPanel
{
    private LoadState<DeliveryDetail> _detail = LoadState.Loading<DeliveryDetail>();
    private AskedAttempt? _replayed;
    private ElementReference _heading;
    private Guid _shown;
    private bool _focus;
    private IDisposable? _following;

    [Parameter, EditorRequired]
    public Guid DeliveryId { get; set; }

    /// <summary>The list without the panel.</summary>
    [Parameter, EditorRequired]
    public string CloseHref { get; set; } = "";

    /// <summary>Link to it; null when there is none on this page of the list.</summary>
    [Parameter]
    public string? NewerHref { get; set; }

    /// <summary>Link to it; null when there is none on this page of the list.</summary>
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

    protected override void OnInitialized() =>
        _following = Page.Follow(
            [ChangeKind.Deliveries],
            async () =>
            {
                await RefreshAsync();
                StateHasChanged();
            }
        );

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != DeliveryId)
        {
            (_shown, _replayed, _focus) = (DeliveryId, null, true);
            _detail = LoadState.Loading<DeliveryDetail>();
            await RefreshAsync();
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

    private async Task RefreshAsync()
    {
        Guid asked = DeliveryId;
        LoadState<DeliveryDetail> read = await Page.ReadAsync(actor => Deliveries.GetAsync(actor, Page.Project.Id, asked, Page.Closing));
        if (asked == DeliveryId)
        {
            _detail = _detail.RefreshedBy(read);
        }
    }

    private ReplayOption ReplayOf(DeliveryDetail detail) =>
        detail.Webhook.State switch
        {
            WebhookState.Deleted => ReplayOption.WebhookDeleted,
            _ when !Page.May(Permission.ReplayDeliveries) => ReplayOption.Absent,
            WebhookState.Disabled or WebhookState.Error => Page.May(Permission.ReplayWhileDisabled) ? ReplayOption.AfterWarning : ReplayOption.NeedsAdmin,
            _ => ReplayOption.Now,
        };

    private async Task ReplayAsync()
    {
        if (_detail.Value is not { } detail || (ReplayOf(detail) == ReplayOption.AfterWarning && !await Dialogs.AskAsync(Warning(detail))))
        {
            return;
        }

        Guid asked = DeliveryId;
        _replayed = null;
        AskedAttempt? attempt = await Page.TryGetAsync(actor => Replays.ReplayAsync(actor, Page.Project.Id, asked));
        if (asked == DeliveryId)
        {
            _replayed = attempt;
            await RefreshAsync();
        }
    }

    private static ConfirmRequest Warning(DeliveryDetail detail) =>
        new("Replay to a disabled webhook?", $"{detail.Webhook.Name} is turned off. One request is sent anyway.", "Replay once")
        {
            Consequences = [$"The event is posted to {detail.Webhook.Url}", "The webhook stays disabled and other deliveries stay held."],
        };

    private string SameEventHref(DeliveryDetail detail) =>
        ConsoleUrls.Events(Page.Project.Slug) + new DeliveryListQuery { Search = detail.Event.Id.ToString() }.ToQueryString();
}
