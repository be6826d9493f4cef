using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Inbox;
using WebhookConsole.Live;
using WebhookConsole.Targets;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Inbox;

/// <summary>One inbox: its answer, the requests it received, and one of them beside the list.</summary>
public partial class InboxPage
{
    private LoadState<IReadOnlyList<InboxRequestRow>> _requests = LoadState.Loading<IReadOnlyList<InboxRequestRow>>();
    private IReadOnlyList<InboxRequestRow> _shown = [];
    private InboxEndpoint? _inbox;
    private InboxRequest? _request;
    private InboxRequestTable? _table;
    private Guid? _loadedInbox;
    private string? _unreadable;
    private Guid? _returnTo;
    private string? _announcement;

    [Parameter]
    public Guid InboxId { get; set; }

    /// <summary>The request beside the list.</summary>
    [SupplyParameterFromQuery(Name = "request")]
    public string? RequestId { get; set; }

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    [Inject]
    private InboxService Inboxes { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private IOptions<DeliveryOptions> Delivery { get; set; } = default!;

    // Production refuses http and the machine's own addresses, which inboxes often have.
    private string? Refusal => TargetUrl.TryCreate(Url, TargetPolicy.From(Delivery.Value), out _, out string? error) ? null : error;

    private bool OffersWebhook => Page.May(Permission.ManageWebhooks) && Inboxes.Enabled && Refusal is null;

    private string Url => Navigation.BaseUri + InboxService.PathOf(_inbox!);

    private string CreateWebhookHref => $"{ConsoleUrls.Webhooks(ProjectSlug)}?create={Uri.EscapeDataString(Url)}";

    private int NewCount => _requests.HasValue ? _requests.Value.Count(r => _shown.All(s => s.Id != r.Id)) : 0;

    private Guid? Selected { get; set; }

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Inbox];

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        Selected = address.Id("request", RequestId);
        _unreadable = address.Unreadable;
        Guid? closed = Selected is null ? _request?.Id : null;
        await ReadAsync();
        if (_loadedInbox != InboxId || Selected is null)
        {
            ShowNew();
            _loadedInbox = InboxId;
        }

        _returnTo = closed;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Closing the detail removes the focused link, so the focus returns to the row.
        if (_returnTo is { } row && _table is not null)
        {
            _returnTo = null;
            await _table.FocusAsync(row);
        }
    }

    private string HrefOf(Guid request) => $"{ConsoleUrls.Inbox(ProjectSlug, InboxId)}?request={request}";

    private async Task ReadAsync()
    {
        _requests = await Page.ReadAsync(async actor =>
        {
            _inbox = await Inboxes.GetAsync(actor, Page.Project.Id, InboxId, Page.Closing);
            _request =
                Selected is not { } id ? null
                : _request?.Id == id ? _request
                : await Inboxes.FindRequestAsync(actor, Page.Project.Id, InboxId, id, Page.Closing);
            return await Inboxes.ListRequestsAsync(actor, Page.Project.Id, InboxId, Page.Closing);
        });
    }

    // Rows appear automatically while only the list is open; beside an open request they wait, so that nothing moves.
    protected override async Task RefreshAsync()
    {
        await ReadAsync();
        if (_requests.Missing)
        {
            // Somebody else deleted it.
            Navigation.NavigateTo(ConsoleUrls.Inboxes(ProjectSlug));
            return;
        }

        int added = NewCount;
        _announcement = added > 0 ? Formats.Count(added, "new request", "new requests") : null;
        if (Selected is null || (_requests.HasValue && _requests.Value.Count == 0))
        {
            ShowNew();
        }
    }

    private void ShowNew() => _shown = _requests.Value ?? _shown;

    private async Task SetAnswersAsync(AnswerSequence answers)
    {
        if (await Page.TryAsync(actor => Inboxes.SetAnswersAsync(actor, Page.Project.Id, InboxId, answers)))
        {
            await ReadAsync();
            Notices.Done("Saved. The next request gets the first answer.");
        }
    }

    private async Task RestartAsync()
    {
        if (await Page.TryAsync(actor => Inboxes.RestartAsync(actor, Page.Project.Id, InboxId)))
        {
            await ReadAsync();
        }
    }

    private async Task ClearAsync()
    {
        if (
            await Dialogs.AskAsync(
                new ConfirmRequest("Clear this inbox?", "All requests that it has received are removed. Its address stays.", "Clear requests") { Danger = true }
            )
        )
        {
            await Page.TryAsync(actor => Inboxes.ClearAsync(actor, Page.Project.Id, InboxId));
        }
    }

    private async Task DeleteAsync()
    {
        ConfirmRequest question = new("Delete this inbox?", $"“{_inbox?.Name}” and everything it received are permanently deleted.", "Delete inbox")
        {
            Danger = true,
            Consequences = ["Its address answers 404 from now on.", "Webhooks that post to it start to fail."],
        };
        if (await Dialogs.AskAsync(question) && await Page.TryAsync(actor => Inboxes.DeleteAsync(actor, Page.Project.Id, InboxId)))
        {
            Navigation.NavigateTo(ConsoleUrls.Inboxes(ProjectSlug));
        }
    }
}
