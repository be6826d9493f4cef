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

/// <summary>One delivery, beside the list. Follows what happens to it while it is open, and replays it.</summary>
public sealed partial class DeliveryPanel
{
    private LoadState<DeliveryDetail> _detail = LoadState.Loading<DeliveryDetail>();
    private AskedAttempt? _replayed;
    private ElementReference _heading;
    private Guid _shown;
    private bool _gone;
    private bool _focus;

    [Parameter, EditorRequired]
    public Guid DeliveryId { get; set; }

    /// <summary>The list without the panel.</summary>
    [Parameter, EditorRequired]
    public string CloseHref { get; set; } = "";

    /// <summary>Null when there is none on this page of the list.</summary>
    [Parameter]
    public string? NewerHref { get; set; }

    /// <summary>Null when there is none on this page of the list.</summary>
    [Parameter]
    public string? OlderHref { get; set; }

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private ReplayService Replays { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        if (_shown == DeliveryId && _detail.HasValue)
        {
            return;
        }

        _shown = DeliveryId;
        (_gone, _replayed, _focus) = (false, null, true);
        _detail = LoadState.Loading<DeliveryDetail>();
        Follow(ChangeKind.Deliveries, RefreshAsync);
        await RefreshAsync();
    }

    // Into the panel, so that the next Tab reaches what was asked for. Quietly: the list keeps its place.
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
        LoadState<DeliveryDetail> read;
        try
        {
            read = await ReadAsync(actor => Deliveries.GetAsync(actor, Project!.Id, asked, Closing));
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            // Also when retention removes it while it is open.
            _gone = asked == DeliveryId;
            return;
        }

        // What is on screen is better than an error while the database is away for a moment.
        if (asked == DeliveryId && (read.HasValue || !_detail.HasValue))
        {
            _detail = read;
        }
    }

    private ReplayOption ReplayOf(DeliveryDetail detail) =>
        detail.Webhook.State switch
        {
            WebhookState.Deleted => ReplayOption.WebhookDeleted,
            _ when !May(Permission.ReplayDeliveries) => ReplayOption.Absent,
            WebhookState.Disabled or WebhookState.Error => May(Permission.ReplayWhileDisabled) ? ReplayOption.AfterWarning : ReplayOption.NeedsAdmin,
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
        AskedAttempt? attempt = null;
        await TryAsync(async actor => attempt = await Replays.ReplayAsync(actor, Project!.Id, asked));
        if (asked == DeliveryId)
        {
            _replayed = attempt;
            await RefreshAsync();
        }
    }

    private static ConfirmRequest Warning(DeliveryDetail detail) =>
        new("Replay to a disabled webhook?", $"{detail.Webhook.Name} is switched off. One request goes out all the same.", "Replay once")
        {
            Consequences = [$"The event is posted to {detail.Webhook.Url}", "The webhook stays disabled and other deliveries stay held."],
        };

    private string SameEventHref(DeliveryDetail detail) =>
        ConsoleUrls.Events(ProjectSlug) + new DeliveryListQuery { Search = detail.Event.Id.ToString() }.ToQueryString();
}
