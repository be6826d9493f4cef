using Microsoft.AspNetCore.Components;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Components.Pages.Webhooks.Detail;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>One webhook: its deliveries, signing, settings and changes. A deleted one opens read-only.</summary>
public partial class WebhookPage
{
    private const int RecentCount = 6;

    private static readonly HashSet<string> s_tabs = new(
        ["", WebhookTabs.Events, WebhookTabs.Signing, WebhookTabs.Settings, WebhookTabs.Activity],
        StringComparer.Ordinal
    );

    private LoadState<WebhookDetail> _detail = LoadState.Loading<WebhookDetail>();
    private ChartRange _range;
    private string? _unreadable;

    [Parameter]
    public Guid WebhookId { get; set; }

    /// <summary>One of <see cref="WebhookTabs"/>; null for the overview.</summary>
    [Parameter]
    public string? Tab { get; set; }

    /// <summary>Of the charts: one of the names of <see cref="ChartRanges"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    /// <summary>An entry of the audit log, where the activity begins.</summary>
    [SupplyParameterFromQuery]
    public string? Entry { get; set; }

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private DisablingAttempts Disabling { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private SecretService Secrets { get; set; } = default!;

    [Inject]
    private WebhookStats Stats { get; set; } = default!;

    private IReadOnlyList<TabItem> TabItems
    {
        get
        {
            TabItem[] all =
            [
                new("Overview", ConsoleUrls.Webhook(ProjectSlug, WebhookId)),
                new("Events", ConsoleUrls.Webhook(ProjectSlug, WebhookId, WebhookTabs.Events)),
                new("Signing", ConsoleUrls.Webhook(ProjectSlug, WebhookId, WebhookTabs.Signing)),
                new("Settings", ConsoleUrls.Webhook(ProjectSlug, WebhookId, WebhookTabs.Settings)),
            ];
            return Page.May(Permission.ViewAudit) ? [.. all, new("Activity", ConsoleUrls.Webhook(ProjectSlug, WebhookId, WebhookTabs.Activity))] : all;
        }
    }

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Webhooks, ChangeKind.Deliveries];

    protected override async Task LoadAsync()
    {
        if (_detail is { HasValue: true } && _detail.Value.Webhook.Id != WebhookId)
        {
            _detail = LoadState.Loading<WebhookDetail>();
        }

        AddressReader address = new();
        _range = address.Value("range", Range, ChartRanges.Parse) ?? ChartRange.Day;
        _unreadable = address.Unreadable;
        _detail = _detail.RefreshedBy(await Page.ReadAsync(ReadDetailAsync));
    }

    private void GoToList() => Navigation.NavigateTo(ConsoleUrls.Webhooks(ProjectSlug));

    private async Task<WebhookDetail> ReadDetailAsync(Actor actor)
    {
        Webhook webhook = await Webhooks.GetAsync(actor, Page.Project.Id, WebhookId, includeDeleted: true, Page.Closing);
        WebhookActivity activity = await Stats.OfWebhookAsync(actor, Page.Project.Id, WebhookId, Page.Closing);
        IReadOnlyList<SecretInfo> secrets =
            webhook.State == WebhookState.Deleted ? [] : await Secrets.ListAsync(actor, Page.Project.Id, WebhookId, Page.Closing);
        DeliveryPage recent = await Deliveries.ListAsync(actor, Page.Project.Id, new DeliveryFilter { WebhookId = WebhookId }, null, RecentCount, Page.Closing);
        IReadOnlyList<DeliveryAttempt> turnedOffBy =
            webhook.State == WebhookState.Error ? await Disabling.FindAsync(actor, Page.Project.Id, WebhookId, Page.Closing) : [];
        return new WebhookDetail(webhook, activity, secrets, recent.Items) { TurnedOffBy = turnedOffBy };
    }
}
