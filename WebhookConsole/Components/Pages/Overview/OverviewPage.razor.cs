using Microsoft.AspNetCore.Components;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Deliveries;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>The first page of a project: what needs attention, how deliveries are doing, and the latest ones.</summary>
public sealed partial class OverviewPage
{
    private const int RecentRows = 8;

    private LoadState<OverviewData> _data = LoadState.Loading<OverviewData>();
    private ChartRange _range;
    private string? _unreadable;

    /// <summary>Of the charts: one of the names of <see cref="ChartRanges"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private WebhookStats Stats { get; set; } = default!;

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private FirstStepsQuery Steps { get; set; } = default!;

    [Inject]
    private EngineHealth Engine { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Deliveries, ChangeKind.Webhooks, ChangeKind.Inbox];

    // A summary need not be as fast as a list, and many people read it at once under load.
    protected override TimeSpan Rest => TimeSpan.FromSeconds(2);

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        _range = address.Value("range", Range, ChartRanges.Parse) ?? ChartRange.Day;
        _unreadable = address.Unreadable;
        _data = _data.RefreshedBy(
            await Page.ReadAsync(async actor =>
                OverviewData.Of(
                    await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing),
                    await Stats.OfProjectAsync(actor, Page.Project.Id, Page.Closing),
                    (await Deliveries.ListAsync(actor, Page.Project.Id, new DeliveryFilter(), null, RecentRows, Page.Closing)).Items,
                    await Steps.GetAsync(actor, Page.Project.Id, Page.Closing)
                )
            )
        );
    }
}
