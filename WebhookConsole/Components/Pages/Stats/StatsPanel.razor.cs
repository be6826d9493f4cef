using Microsoft.AspNetCore.Components;
using WebhookConsole.Audit;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Stats;

/// <summary>Reads the figures of a webhook or a whole project, and reads them again as deliveries happen, less often the longer the range is.</summary>
public sealed partial class StatsPanel : IDisposable
{
    // More would be a wall of marks that says nothing.
    private const int MaxChanges = 200;

    private LoadState<StatsData> _data = LoadState.Loading<StatsData>();
    private (Guid?, ChartRange) _shown;
    private IDisposable? _following;

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private StatsQueries Stats { get; set; } = default!;

    [Inject]
    private AuditQueries Audit { get; set; } = default!;

    [Inject]
    private BrowserTime Time { get; set; } = default!;

    /// <summary>Null for all webhooks of the project.</summary>
    [Parameter]
    public Guid? WebhookId { get; set; }

    [Parameter, EditorRequired]
    public ChartRange Range { get; set; }

    /// <summary>Path of the page, for the links to other ranges.</summary>
    [Parameter, EditorRequired]
    public string BasePath { get; set; } = "";

    /// <summary>How many deliveries are waiting now.</summary>
    [Parameter, EditorRequired]
    public string Waiting { get; set; } = "";

    /// <summary>A line below that number.</summary>
    [Parameter]
    public RenderFragment? WaitingNote { get; set; }

    public void Dispose()
    {
        _following?.Dispose();
        Time.Changed -= OnZoneKnown;
    }

    protected override void OnInitialized()
    {
        Time.Changed += OnZoneKnown;
        _following = Page.Follow([ChangeKind.Deliveries, ChangeKind.Webhooks], RefreshAsync, () => ChartRanges.RestOf(Range));
    }

    // The page renders after every change; only another webhook or range is a reason to read at once.
    protected override Task OnParametersSetAsync()
    {
        if (_shown == (WebhookId, Range) && _data.HasValue)
        {
            return Task.CompletedTask;
        }

        _shown = (WebhookId, Range);
        return LoadAsync();
    }

    private async Task LoadAsync() => _data = _data.RefreshedBy(await Page.ReadAsync(ReadAsync));

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task<StatsData> ReadAsync(Actor actor)
    {
        ChartRange range = Range;
        StatsWindow window = ChartRanges.WindowAt(range, Time.Now, Time.Zone);
        StatsSeries series = WebhookId is { } id
            ? await Stats.OfWebhookAsync(actor, Page.Project.Id, id, window, Page.Closing)
            : await Stats.OfProjectAsync(actor, Page.Project.Id, window, Page.Closing);
        IReadOnlyList<AuditEntry> entries = Page.May(Permission.ViewAudit)
            ? await Audit.ReadAsync(
                actor,
                Page.Project.Id,
                new AuditQuery
                {
                    Actions = WebhookChange.Actions,
                    TargetId = WebhookId,
                    Since = window.StartOf(0),
                    Limit = MaxChanges,
                },
                Page.Closing
            )
            : [];
        return new StatsData(range, series, [.. entries.Select(WebhookChange.Of).OfType<WebhookChange>()]);
    }

    // Days begin at a different time in another zone.
    private void OnZoneKnown(object? sender, EventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            await LoadAsync();
            StateHasChanged();
        });
}
