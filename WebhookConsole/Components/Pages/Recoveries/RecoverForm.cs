using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>What the person chooses in the dialog.</summary>
public sealed class RecoverForm
{
    private readonly RecoveryRequest _given;
    private readonly DateTimeOffset? _failingFrom;

    /// <param name="given">What the place that opened the dialog knows.</param>
    /// <param name="failing">What the engine remembers about the webhook; null when unknown.</param>
    /// <param name="off">True when the webhook is disabled: its held deliveries are chosen as well.</param>
    public RecoverForm(RecoveryRequest given, WebhookHealth? failing, bool off)
    {
        _given = given;
        FailingSince = failing?.FailingSince;
        _failingFrom = failing?.FailingFrom;
        WebhookId = given.WebhookId?.ToString() ?? "";
        Failed = given.Statuses.Contains(DeliveryStatus.Failed);
        Held = off || given.Statuses.Contains(DeliveryStatus.Held);
        EventType = given.EventTypes is { IsAll: false, Patterns: [var type] } ? type : "";
        Window =
            given.Until is not null ? RecoverWindow.Custom
            : given.Since is not null ? RecoverWindow.Given
            : FailingSince is not null ? RecoverWindow.FirstFailure
            : RecoverWindow.Day;
    }

    /// <summary>Empty for all.</summary>
    public string WebhookId { get; set; }

    public bool Failed { get; set; }

    public bool Held { get; set; }

    /// <summary>Empty for all.</summary>
    public string EventType { get; set; }

    public RecoverWindow Window { get; set; }

    /// <summary>Start or end of <see cref="RecoverWindow.Custom"/>, in the time zone that is shown.</summary>
    public DateTime? From { get; set; }

    /// <inheritdoc cref="From"/>
    public DateTime? To { get; set; }

    /// <summary>Deliveries per second; 0 for as many as the webhooks' limits allow.</summary>
    public int PerSecond { get; set; } = 25;

    public bool ProbeFirst { get; set; } = true;

    /// <summary>Since when the webhook has failed; null when unknown.</summary>
    public DateTimeOffset? FailingSince { get; }

    public DateTimeOffset? Given => _given.Since;

    /// <summary>How many deliveries were selected; 0 when the filters decide.</summary>
    public int Selected => _given.DeliveryIds.Count;

    /// <summary>The windows that can be offered here.</summary>
    public IEnumerable<RecoverWindow> Windows =>
        Enum.GetValues<RecoverWindow>()
            .Where(w =>
                (w != RecoverWindow.FirstFailure || FailingSince is not null) && (w != RecoverWindow.Given || (Given is not null && _given.Until is null))
            );

    /// <summary>Why it cannot be used yet, as a sentence; null when it can.</summary>
    public string? Problem =>
        !Failed && !Held ? "Choose failed, held or both."
        : Window == RecoverWindow.Custom && From > To ? "The start is after the end."
        : null;

    /// <summary>Shows the given range in its fields.</summary>
    public void ShowGiven(BrowserTime time)
    {
        From = _given.Since is { } since ? time.ToLocal(since).DateTime : null;
        To = _given.Until is { } until ? time.ToLocal(until).DateTime : null;
    }

    public RecoveryRequest ToRequest(BrowserTime time)
    {
        (DateTimeOffset? since, DateTimeOffset? until) = Range(time);
        List<DeliveryStatus> statuses = [];
        if (Failed)
        {
            statuses.Add(DeliveryStatus.Failed);
        }

        if (Held)
        {
            statuses.Add(DeliveryStatus.Held);
        }

        return _given with
        {
            WebhookId = Guid.TryParse(WebhookId, out Guid id) ? id : null,
            Since = since,
            Until = until,
            Statuses = statuses,
            EventTypes = EventType.Length > 0 && EventFilter.TryCreate([EventType], out EventFilter? filter, out _) ? filter : EventFilter.All,
            PerSecond = PerSecond == 0 ? null : PerSecond,
            ProbeFirst = ProbeFirst,
        };
    }

    private (DateTimeOffset? Since, DateTimeOffset? Until) Range(BrowserTime time)
    {
        DateTime today = time.ToLocal(time.Now).Date;
        return Window switch
        {
            RecoverWindow.Hour => (time.Now.AddHours(-1), null),
            RecoverWindow.Day => (time.Now.AddHours(-24), null),
            RecoverWindow.Yesterday => (time.FromLocal(today.AddDays(-1)), time.FromLocal(today)),
            RecoverWindow.FirstFailure => (_failingFrom, null),
            RecoverWindow.Given => (Given, null),
            RecoverWindow.All => (null, null),
            RecoverWindow.Custom => (From is { } from ? time.FromLocal(from) : null, To is { } to ? time.FromLocal(to) : null),
            _ => throw new InvalidOperationException($"No range for {Window}."),
        };
    }
}
