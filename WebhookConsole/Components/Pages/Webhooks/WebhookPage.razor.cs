using Microsoft.AspNetCore.Components;
using WebhookConsole.Audit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Webhooks.Detail;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>One webhook: what it does, how it signs, what it is set to, who changed it. A deleted one opens read-only.</summary>
public partial class WebhookPage
{
    private const int RecentCount = 6;

    private static readonly HashSet<string> s_tabs = new(
        ["", WebhookTabs.Events, WebhookTabs.Signing, WebhookTabs.Settings, WebhookTabs.Activity],
        StringComparer.Ordinal
    );

    private LoadState<WebhookDetail> _detail = LoadState.Loading<WebhookDetail>();

    [Parameter]
    public Guid WebhookId { get; set; }

    /// <summary>One of <see cref="WebhookTabs"/>; null for the overview.</summary>
    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private AuditQueries Audit { get; set; } = default!;

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
            return May(Permission.ViewAudit) ? [.. all, new("Activity", ConsoleUrls.Webhook(ProjectSlug, WebhookId, WebhookTabs.Activity))] : all;
        }
    }

    protected override async Task LoadAsync()
    {
        if (_detail is { HasValue: true } && _detail.Value.Webhook.Id != WebhookId)
        {
            _detail = LoadState.Loading<WebhookDetail>();
        }

        Follow([ChangeKind.Webhooks, ChangeKind.Deliveries], RefreshAsync);
        await RefreshAsync();
    }

    protected override async Task RefreshAsync()
    {
        LoadState<WebhookDetail> next = await ReadAsync(ReadDetailAsync);

        // A refresh that fails leaves what is on screen; the next change tries again.
        if (next.HasValue || !_detail.HasValue)
        {
            _detail = next;
        }
    }

    protected override Task DeletedAsync(Webhook webhook)
    {
        Navigation.NavigateTo(ConsoleUrls.Webhooks(ProjectSlug));
        return Task.CompletedTask;
    }

    private async Task<WebhookDetail> ReadDetailAsync(Actor actor)
    {
        Webhook webhook = await Webhooks.GetAsync(actor, ProjectId, WebhookId, includeDeleted: true, Closing);
        WebhookActivity activity = await Stats.OfWebhookAsync(actor, ProjectId, WebhookId, Closing);
        IReadOnlyList<SecretInfo> secrets = webhook.State == WebhookState.Deleted ? [] : await Secrets.ListAsync(actor, ProjectId, WebhookId, Closing);
        DeliveryPage recent = await Deliveries.ListAsync(actor, ProjectId, new DeliveryFilter { WebhookId = WebhookId }, null, RecentCount, Closing);
        return new WebhookDetail(webhook, activity, secrets, recent.Items);
    }

    private Task<LoadState<IReadOnlyList<AuditEntry>>> ReadAuditAsync(Guid? before, int limit) =>
        ReadAsync(actor =>
            Audit.ReadAsync(
                actor,
                Project!.Id,
                new AuditQuery
                {
                    TargetId = WebhookId,
                    Before = before,
                    Limit = limit,
                },
                Closing
            )
        );
}
