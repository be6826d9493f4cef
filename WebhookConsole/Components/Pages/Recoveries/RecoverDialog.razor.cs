using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>Asks what to recover and how, and counts it while the person chooses.</summary>
public sealed partial class RecoverDialog
{
    private static readonly int[] s_paces = [0, 1, 5, 10, 25, 50, 100, 250];

    private RecoveryEstimate? _estimate;
    private RuleException? _refusal;
    private bool _starting;
    private int _asked;

    [Parameter, EditorRequired]
    public RecoverForm Form { get; set; } = default!;

    /// <summary>The existing webhooks of the project.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Webhook> Webhooks { get; set; } = [];

    /// <summary>The names in the catalogue.</summary>
    [Parameter]
    public IReadOnlyList<string> EventTypes { get; set; } = [];

    /// <summary>Counts what a request matches; null when counting failed and the person has been told.</summary>
    [Parameter, EditorRequired]
    public Func<RecoveryRequest, Task<RecoveryEstimate?>> Count { get; set; } = default!;

    /// <summary>Starts it, and before that turns a webhook on if one is given. Returns null when it worked.</summary>
    [Parameter, EditorRequired]
    public Func<RecoveryRequest, Webhook?, Task<RuleException?>> Start { get; set; } = default!;

    private IEnumerable<string> TypeChoices =>
        Form.EventType.Length == 0 || EventTypes.Contains(Form.EventType) ? EventTypes : EventTypes.Prepend(Form.EventType);

    // A webhook that is waiting for its check cannot be turned on; the count says so.
    private Webhook? TurnOn => Webhooks.FirstOrDefault(w => w.Id.ToString() == Form.WebhookId && w.State is WebhookState.Disabled or WebhookState.Error);

    private bool CanStart => Form.Problem is null && _estimate is { Total: > 0 } && (_estimate.Sending.Count > 0 || TurnOn is not null);

    private string Counted => _estimate is { } e ? Formats.Count(e.Total) + (e.More ? "+" : "") + (e.Total == 1 && !e.More ? " delivery" : " deliveries") : "";

    private string? Duration =>
        _estimate is { Total: > 0 } e && Form.PerSecond > 0 ? $" About {Formats.Duration(TimeSpan.FromSeconds(Math.Max(1, e.Total / Form.PerSecond)))}." : null;

    protected override async Task OnInitializedAsync()
    {
        Form.ShowGiven(Time);
        await CountAsync();
    }

    private async Task CountAsync()
    {
        _estimate = null;
        if (Form.Problem is not null)
        {
            return;
        }

        int asked = ++_asked;
        RecoveryEstimate? estimate = await Count(Form.ToRequest(Time));
        if (asked == _asked)
        {
            _estimate = estimate;
        }
    }

    private async Task StartAsync()
    {
        if (_starting || !CanStart)
        {
            return;
        }

        _starting = true;
        _refusal = await Start(Form.ToRequest(Time), TurnOn);
        _starting = false;
        if (_refusal is null)
        {
            Dialogs.Close(true);
        }
    }

    private string? CountOf(DeliveryStatus status) =>
        _estimate?.Groups.Where(g => g.Status == status).Sum(g => g.Count) is > 0 and int count ? $" ({Formats.Count(count)})" : null;

    private string TextOf(RecoverWindow window) =>
        window switch
        {
            RecoverWindow.Hour => "Last hour",
            RecoverWindow.Day => "Last 24 hours",
            RecoverWindow.Yesterday => "Yesterday",
            RecoverWindow.FirstFailure => $"Since it began to fail ({Time.Clock(Form.FailingSince!.Value)})",
            RecoverWindow.Given => $"Since this delivery ({Time.Clock(Form.Given!.Value)})",
            RecoverWindow.All => "All history",
            RecoverWindow.Custom => "Custom range…",
            _ => throw new ArgumentOutOfRangeException(nameof(window), window, null),
        };
}
