using Microsoft.AspNetCore.Components;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>The first page of a project: what needs attention, how deliveries are doing, and the latest ones.</summary>
public sealed partial class OverviewPage : IDisposable
{
    private const int RecentRows = 8;

    // More would push the charts off the screen.
    private const int MaxAnswers = 5;

    private readonly Dictionary<(Guid Webhook, DateTimeOffset? Since), DeliveryAttempt> _answers = [];
    private LoadState<OverviewData> _data = LoadState.Loading<OverviewData>();
    private ChartRange _range;
    private string? _unreadable;
    private IDisposable? _ticks;

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
    private DisablingAttempts Disabling { get; set; } = default!;

    [Inject]
    private FirstStepsQuery Steps { get; set; } = default!;

    [Inject]
    private EngineHealth Engine { get; set; } = default!;

    [Inject]
    private UiTicker Ticker { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Deliveries, ChangeKind.Webhooks, ChangeKind.Inbox];

    // A summary need not be as fast as a list, and many people read it at once under load.
    protected override TimeSpan Rest => TimeSpan.FromSeconds(2);

    // While the engine stands still, nothing changes in the lists, and that is when its problems have to show.
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _ticks = Ticker.Subscribe(() => _ = InvokeAsync(StateHasChanged));
    }

    public void Dispose() => _ticks?.Dispose();

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        _range = address.Value("range", Range, ChartRanges.Parse) ?? ChartRange.Day;
        _unreadable = address.Unreadable;
        _data = _data.RefreshedBy(await Page.ReadAsync(ReadAsync));
    }

    private async Task<OverviewData> ReadAsync(Actor actor)
    {
        IReadOnlyList<Webhook> webhooks = await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing);
        OverviewData data = OverviewData.Of(
            webhooks,
            await Stats.OfProjectAsync(actor, Page.Project.Id, Page.Closing),
            (await Deliveries.ListAsync(actor, Page.Project.Id, new DeliveryFilter(), null, RecentRows, Page.Closing)).Items,
            await Steps.GetAsync(actor, Page.Project.Id, Page.Closing)
        );
        return data with { Answers = await ReadAnswersAsync(actor, webhooks) };
    }

    // What disabled a webhook no longer changes, so it is looked up only once.
    private async Task<Dictionary<Guid, DeliveryAttempt>> ReadAnswersAsync(Actor actor, IReadOnlyList<Webhook> webhooks)
    {
        Dictionary<Guid, DeliveryAttempt> answers = [];
        foreach (Webhook webhook in webhooks.Where(w => w.State == WebhookState.Error).Take(MaxAnswers))
        {
            (Guid, DateTimeOffset?) key = (webhook.Id, webhook.AutoDisabledAt);
            if (!_answers.ContainsKey(key) && await Disabling.FindAsync(actor, Page.Project.Id, webhook.Id, Page.Closing) is [DeliveryAttempt newest, ..])
            {
                _answers[key] = newest;
            }

            if (_answers.TryGetValue(key, out DeliveryAttempt? known))
            {
                answers[webhook.Id] = known;
            }
        }

        return answers;
    }
}
