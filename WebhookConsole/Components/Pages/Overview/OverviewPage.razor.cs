using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>The first page of a project: what needs attention, how it goes, what came last.</summary>
public sealed partial class OverviewPage
{
    private const int RecentRows = 8;

    // A summary need not be as fast as a list, and under load it is read by many at once.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1.5);

    private LoadState<OverviewData> _data = LoadState.Loading<OverviewData>();
    private Guid _shown;

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

    protected override async Task LoadAsync()
    {
        if (_shown != Project!.Id)
        {
            _shown = Project.Id;
            _data = LoadState.Loading<OverviewData>();
        }

        Follow([ChangeKind.Deliveries, ChangeKind.Webhooks, ChangeKind.Inbox], FollowUpAsync);
        await RefreshAsync();
    }

    private async Task FollowUpAsync()
    {
        await RefreshAsync();
        StateHasChanged();
        await Task.Delay(s_rest, Clock, Closing);
    }

    private async Task RefreshAsync()
    {
        Guid project = Project!.Id;
        LoadState<OverviewData> read = await ReadAsync(async actor =>
            OverviewData.Of(
                await Webhooks.ListAsync(actor, project, Closing),
                await Stats.OfProjectAsync(actor, project, Closing),
                (await Deliveries.ListAsync(actor, project, new DeliveryFilter(), null, RecentRows, Closing)).Items,
                await Steps.GetAsync(actor, project, Closing),
                Clock.GetUtcNow()
            )
        );
        if (project == Project.Id && (read.HasValue || !_data.HasValue))
        {
            _data = read;
        }
    }
}
