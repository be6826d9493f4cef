using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>One recovery while it runs: everybody who looks sees the same.</summary>
public sealed partial class RecoveryDetailPage
{
    private readonly RecoverySpeed _speed = new();
    private LoadState<RecoveryRow> _row = LoadState.Loading<RecoveryRow>();
    private RecoveryResultRow? _probe;

    [Parameter]
    public Guid RecoveryId { get; set; }

    [Inject]
    private RecoveryQueries Recoveries { get; set; } = default!;

    [Inject]
    private RecoveryService Service { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Recoveries];

    protected override async Task LoadAsync()
    {
        if (_row.Value is { } shown && shown.Recovery.Id != RecoveryId)
        {
            _row = LoadState.Loading<RecoveryRow>();
        }

        _row = _row.RefreshedBy(await Page.ReadAsync(actor => Recoveries.GetAsync(actor, Page.Project.Id, RecoveryId, Page.Closing)));
        if (_row.Value is { Recovery: var recovery })
        {
            _speed.Saw(Clock.GetUtcNow(), recovery.Attempted);
            _probe = recovery is { Probing: true, Status: RecoveryStatus.Paused, Failed: 1 } ? await ReadProbeAsync() : null;
        }
    }

    private async Task<RecoveryResultRow?> ReadProbeAsync()
    {
        LoadState<RecoveryResultPage> failed = await Page.ReadAsync(actor =>
            Recoveries.ResultsAsync(actor, Page.Project.Id, RecoveryId, succeeded: false, null, 1, Page.Closing)
        );
        return failed.Value?.Items is [var first, ..] ? first : null;
    }

    private Task PauseAsync() => ActAsync(actor => Service.PauseAsync(actor, Page.Project.Id, RecoveryId));

    private Task ResumeAsync() => ActAsync(actor => Service.ResumeAsync(actor, Page.Project.Id, RecoveryId));

    private async Task CancelAsync()
    {
        ConfirmRequest question = new(
            "Cancel this recovery?",
            "What has been sent stays sent. The rest stays failed or held, and you can recover it later.",
            "Cancel recovery"
        )
        {
            Danger = true,
        };
        if (await Dialogs.AskAsync(question))
        {
            await ActAsync(actor => Service.CancelAsync(actor, Page.Project.Id, RecoveryId));
        }
    }

    private async Task ActAsync(Func<Actor, Task<Recovery>> action)
    {
        await Page.TryGetAsync(action);
        await LoadAsync();
    }

    // "24 a second, about 3 min left"
    private string Pace(Recovery recovery) =>
        recovery.Status != RecoveryStatus.Running ? ""
        : _speed.PerSecond is not { } rate ? "Measuring the pace…"
        : $"{(rate < 10 ? Math.Round(rate, 1) : Math.Round(rate))} a second, about {Formats.Duration(TimeSpan.FromSeconds(Math.Ceiling(recovery.Left / rate)))} left";
}
