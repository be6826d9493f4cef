using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>An event with its fan-out, ready to be written.</summary>
/// <param name="Event">The event; its client id makes it idempotent.</param>
/// <param name="Deliveries">One for each webhook that matched.</param>
/// <param name="NewType">True when the event's type is not in the catalogue yet.</param>
public sealed record NewEvent(WebhookEvent Event, IReadOnlyList<NewDelivery> Deliveries, bool NewType);

/// <param name="HeldReason">Null when it is due now; otherwise why it is held.</param>
public sealed record NewDelivery(Guid Id, Guid WebhookId, string? HeldReason);

/// <param name="EventId">Id of the stored event; for a duplicate, the id of the first one.</param>
/// <param name="Deliveries">Deliveries that this call made.</param>
public sealed record StoredEvent(Guid EventId, int Deliveries, bool Duplicate)
{
    /// <summary>Webhooks whose delivery is due although a reason to hold it was given: they have been enabled since.</summary>
    public IReadOnlyList<Guid> DueAfterAll { get; init; } = [];
}

/// <summary>A delivery that a lane may attempt now.</summary>
/// <param name="ScheduledAttempts">Automatic attempts so far; the compare-and-set value for its result.</param>
public sealed record DueDelivery(Guid Id, Guid EventId, string EventType, int ScheduledAttempts, byte[] Payload)
{
    /// <summary>The request that posted its event; see <see cref="WebhookEvent.TraceParent"/>.</summary>
    public string? PostedBy { get; init; }

    /// <summary>The recovery that planned it; null for what is due by itself.</summary>
    public DueRecovery? Recovery { get; init; }
}

/// <param name="WasFailed">True when the delivery had failed, false when it was held and still has its retry schedule.</param>
public readonly record struct DueRecovery(Guid Id, bool WasFailed);

/// <summary>An attempt and what becomes of its delivery.</summary>
/// <param name="Attempt">The row to add; the store sets its number.</param>
/// <param name="ExpectedScheduledAttempts">Compare-and-set value of an automatic attempt; ignored for others.</param>
/// <param name="NextAttemptAt">For a failed automatic attempt, when the next is due; null when it was the last.</param>
/// <param name="AutoDisable">The rule to apply; null for attempts that never count (test, verify, replay).</param>
public sealed record AttemptResult(
    DeliveryAttempt Attempt,
    Guid ProjectId,
    Guid WebhookId,
    int ExpectedScheduledAttempts,
    DateTimeOffset CompletedAt,
    DateTimeOffset? NextAttemptAt,
    AutoDisableRule? AutoDisable
)
{
    /// <summary>For an attempt of a recovery, which one; null for others.</summary>
    public DueRecovery? Recovery { get; init; }

    /// <summary>What operational events may tell of it; null for attempts that somebody asked for, which they do not tell of.</summary>
    public AttemptFacts? Facts { get; init; }

    /// <summary>The audit entry to write with it, when a person asked for it.</summary>
    public AuditEntry? Audit { get; init; }

    /// <summary>The event and delivery that are stored together with their one attempt; null when they already are.</summary>
    public TestDelivery? Test { get; init; }

    /// <summary>True when the receiver's response is left out.</summary>
    public bool IsBare { get; private init; }

    /// <summary>The same without the receiver's response, for a database that refuses the row as it is.</summary>
    public AttemptResult Bare() =>
        this with
        {
            IsBare = true,
            Attempt = new DeliveryAttempt
            {
                Id = Attempt.Id,
                DeliveryId = Attempt.DeliveryId,
                Trigger = Attempt.Trigger,
                StartedAt = Attempt.StartedAt,
                DurationMs = Attempt.DurationMs,
                Url = Attempt.Url,
                StatusCode = Attempt.StatusCode,
                FailureClass = Attempt.FailureClass,
                FailureKind = Attempt.FailureKind,
                ErrorDetail = "The response could not be stored.",
                RequestHeaders = "",
                SignedWith = Attempt.SignedWith,
            },
        };

    /// <summary>True when an earlier try may have been committed although it was reported as failed (the connection broke during the commit).</summary>
    public bool Again { get; init; }
}

/// <summary>What operational events tell of an attempt.</summary>
/// <param name="FailureClass">As in the API; null after a success.</param>
/// <param name="CertificateExpiresAt">End of the endpoint's certificate, where this attempt made a TLS handshake.</param>
public sealed record AttemptFacts(Guid EventId, string EventType, string? FailureClass, DateTimeOffset? CertificateExpiresAt);

/// <summary>A test: written as a whole when its attempt is over, so that a crash leaves either all of it or nothing.</summary>
public sealed record TestDelivery(WebhookEvent Event, Delivery Delivery);

/// <param name="Number">Number of the attempt in its delivery; 0 when the delivery is gone (retention).</param>
/// <param name="AutoDisabled">Why this attempt disabled the webhook, as a sentence; null when it did not.</param>
public sealed record RecordedAttempt(int Number, string? AutoDisabled)
{
    /// <summary>Webhooks that have an operational event to deliver because of it.</summary>
    public IReadOnlyList<Guid> Told { get; init; } = [];

    /// <summary>True when the delivery has failed with this attempt and had not failed before.</summary>
    public bool GaveUp { get; init; }
}

/// <summary>Moves of many deliveries of one webhook.</summary>
public enum DeliveryMove
{
    /// <summary>Holds pending and retrying deliveries.</summary>
    Hold = 0,

    /// <summary>Cancels pending, retrying and held deliveries, because the webhook is deleted.</summary>
    Cancel = 1,
}
