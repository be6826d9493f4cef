using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>The webhooks of a project and how they are doing, live.</summary>
public partial class WebhooksPage
{
    private LoadState<IReadOnlyList<WebhookRow>> _rows = LoadState.Loading<IReadOnlyList<WebhookRow>>();

    private WebhookCommands? _commands;
    private string? _createUrl;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private SecretService Secrets { get; set; } = default!;

    [Inject]
    private WebhookStats Stats { get; set; } = default!;

    [Inject]
    private IOptions<LimitsOptions> Limits { get; set; } = default!;

    /// <summary>URL of a webhook to create, used by the link from an inbox.</summary>
    [SupplyParameterFromQuery(Name = "create")]
    private string? CreateUrl { get; set; }

    private int Limit => Limits.Value.WebhooksPerProject;

    private bool Full => _rows is { HasValue: true } && _rows.Value.Count >= Limit;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Webhooks, ChangeKind.Deliveries];

    protected override async Task LoadAsync() => _rows = _rows.RefreshedBy(await Page.ReadAsync(ReadRowsAsync));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (CreateUrl is { } url)
        {
            // The address is cleaned first: a reload must not ask again, and dialogs close when the address changes.
            _createUrl = url;
            Navigation.NavigateTo(ConsoleUrls.Webhooks(ProjectSlug), replace: true);
        }
        else if (_createUrl is { } wanted && _rows.HasValue && Page.May(Permission.ManageWebhooks))
        {
            _createUrl = null;
            await _commands!.CreateAsync(wanted);
        }
    }

    private async Task<IReadOnlyList<WebhookRow>> ReadRowsAsync(Actor actor)
    {
        IReadOnlyList<Webhook> webhooks = await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing);
        IReadOnlyDictionary<Guid, WebhookActivity> activity = await Stats.OfProjectAsync(actor, Page.Project.Id, Page.Closing);
        IReadOnlySet<Guid> claimable = await Secrets.ListClaimableAsync(actor, Page.Project.Id, Page.Closing);
        IReadOnlyDictionary<Guid, DateTimeOffset> overlaps = await Secrets.ListOverlapsAsync(actor, Page.Project.Id, Page.Closing);
        return webhooks
            .Select(w => new WebhookRow(w, activity.GetValueOrDefault(w.Id), claimable.Contains(w.Id), overlaps.TryGetValue(w.Id, out var ends) ? ends : null))
            .ToList();
    }
}
