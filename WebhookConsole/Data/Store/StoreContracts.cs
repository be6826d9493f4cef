using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>An event with its fan-out, ready to be written.</summary>
/// <param name="Event">The event; its client id makes it idempotent.</param>
/// <param name="Deliveries">One for each webhook that matched.</param>
/// <param name="NewType">True when the event's type is not in the catalogue yet.</param>
public sealed record NewEvent(WebhookEvent Event, IReadOnlyList<NewDelivery> Deliveries, bool NewType);

/// <param name="HeldReason">Null when it is due at once; else why it is kept back.</param>
public sealed record NewDelivery(Guid Id, Guid WebhookId, string? HeldReason);

/// <param name="EventId">Of the stored event; the first one's for a duplicate.</param>
/// <param name="Deliveries">Deliveries that this call made.</param>
public sealed record StoredEvent(Guid EventId, int Deliveries, bool Duplicate)
{
    /// <summary>Webhooks whose delivery is due although a reason to hold it was given: they were enabled since that was looked up.</summary>
    public IReadOnlyList<Guid> DueAfterAll { get; init; } = [];
}

/// <summary>A delivery that a lane may attempt now.</summary>
/// <param name="ScheduledAttempts">Automatic attempts so far; the compare-and-set value of its result.</param>
public sealed record DueDelivery(Guid Id, Guid EventId, string EventType, int ScheduledAttempts, byte[] Payload);

/// <summary>An attempt and what becomes of its delivery.</summary>
/// <param name="Attempt">The row to add; its number is given by the store.</param>
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
    /// <summary>Entry to write with it, for what a person asked for.</summary>
    public AuditEntry? Audit { get; init; }

    /// <summary>Event and delivery that come into being with their one attempt; null when they are stored already.</summary>
    public TestDelivery? Test { get; init; }

    /// <summary>True when what the receiver sent is left out.</summary>
    public bool IsBare { get; private init; }

    /// <summary>The same without what the receiver sent, for a database that refuses the row as it is.</summary>
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

/// <summary>A test: written as a whole when its attempt is over, so that a crash leaves either all of it or nothing.</summary>
public sealed record TestDelivery(WebhookEvent Event, Delivery Delivery);

/// <param name="Number">Of the attempt in its delivery; 0 when the delivery is gone (retention).</param>
/// <param name="AutoDisabled">The sentence with which the webhook was disabled by this attempt; null otherwise.</param>
public sealed record RecordedAttempt(int Number, string? AutoDisabled);

/// <summary>Moves of many deliveries of one webhook.</summary>
public enum DeliveryMove
{
    /// <summary>Pending and retrying ones are held.</summary>
    Hold = 0,

    /// <summary>Held ones are due again.</summary>
    Release = 1,

    /// <summary>Held ones are cancelled.</summary>
    Discard = 2,

    /// <summary>Pending, retrying and held ones are cancelled: the webhook is deleted.</summary>
    Cancel = 3,
}
