using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>The webhooks of a project with how they do, live.</summary>
public partial class WebhooksPage
{
    private LoadState<IReadOnlyList<WebhookRow>> _rows = LoadState.Loading<IReadOnlyList<WebhookRow>>();

    private string? _createUrl;

    [Inject]
    private IOptions<LimitsOptions> Limits { get; set; } = default!;

    /// <summary>Address of a webhook to create, as an inbox links to it.</summary>
    [SupplyParameterFromQuery(Name = "create")]
    private string? CreateUrl { get; set; }

    private int Limit => Limits.Value.WebhooksPerProject;

    private bool Full => _rows is { HasValue: true } && _rows.Value.Count >= Limit;

    protected override async Task LoadAsync()
    {
        // Listening begins before reading, so that no change falls between.
        Follow([ChangeKind.Webhooks, ChangeKind.Deliveries], RefreshAsync);
        await RefreshAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (CreateUrl is { } url)
        {
            // Out of the address first: a reload must not ask again, and dialogs close when the address changes.
            _createUrl = url;
            Navigation.NavigateTo(ConsoleUrls.Webhooks(ProjectSlug), replace: true);
        }
        else if (_createUrl is { } wanted && _rows.HasValue && May(Permission.ManageWebhooks))
        {
            _createUrl = null;
            await CreateAsync(wanted);
        }
    }

    protected override async Task RefreshAsync()
    {
        LoadState<IReadOnlyList<WebhookRow>> next = await ReadAsync(ReadRowsAsync);

        // A refresh that fails leaves what is on screen; the next change tries again.
        if (next.HasValue || !_rows.HasValue)
        {
            _rows = next;
        }
    }

    private async Task<IReadOnlyList<WebhookRow>> ReadRowsAsync(Actor actor)
    {
        IReadOnlyList<Webhook> webhooks = await Webhooks.ListAsync(actor, ProjectId, Closing);
        IReadOnlyDictionary<Guid, WebhookActivity> activity = await Stats.OfProjectAsync(actor, ProjectId, Closing);
        IReadOnlySet<Guid> claimable = await Secrets.ListClaimableAsync(actor, ProjectId, Closing);
        return webhooks.Select(w => new WebhookRow(w, activity.GetValueOrDefault(w.Id), claimable.Contains(w.Id))).ToList();
    }
}
