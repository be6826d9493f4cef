using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Domain;

/// <summary>One event for one webhook (specification §7).</summary>
public sealed class Delivery
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid EventId { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>Copied from the event, so that lists need no join.</summary>
    public required string EventType { get; init; }

    public DeliveryStatus Status { get; set; }

    public bool Test { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next automatic attempt is due; null when none is planned.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>Attempts of every trigger.</summary>
    public int AttemptCount { get; set; }

    /// <summary>Automatic attempts: the position in the retry schedule.</summary>
    public int ScheduledAttempts { get; set; }

    /// <summary>Failure of the last attempt; null when it succeeded or there was none.</summary>
    public FailureClass? FailureClass { get; set; }

    /// <summary>Status of the last attempt that was answered.</summary>
    public int? LastStatusCode { get; set; }

    public int? LastDurationMs { get; set; }

    /// <summary>Why it is held or cancelled, as a sentence; null otherwise.</summary>
    public string? StatusReason { get; set; }

    /// <summary>The recovery that has planned its next attempt; null when there is none.</summary>
    public Guid? RecoveryId { get; set; }

    /// <summary>The error code of a delivery that was given up (specification §7).</summary>
    public const string FailedError = "webhook_delivery_failed";

    public string? Error => Status == DeliveryStatus.Failed ? FailedError : null;
}

/// <summary>One HTTP POST of a delivery (specification §1, §8).</summary>
public sealed class DeliveryAttempt
{
    /// <summary>Also sent as <c>X-Request-Id</c>.</summary>
    public required Guid Id { get; init; }

    public required Guid DeliveryId { get; init; }

    /// <summary>Counts the attempts of the delivery from 1.</summary>
    public int Number { get; set; }

    public required AttemptTrigger Trigger { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int DurationMs { get; init; }

    public required string Url { get; init; }

    /// <summary>Address and port of the connection; null when there was none.</summary>
    public string? RemoteAddress { get; init; }

    public int? StatusCode { get; init; }

    public FailureClass? FailureClass { get; init; }

    /// <summary>The cause within the class; set with it.</summary>
    public FailureKind? FailureKind { get; init; }

    /// <summary>What exactly went wrong, for experts; one line of printable text, never a secret.</summary>
    public string? ErrorDetail { get; init; }

    /// <summary>As sent, one <c>Name: value</c> per line.</summary>
    public string RequestHeaders
    {
        get => field ??= Request is { } kept ? RequestText.Read(kept.Rebuild(Facts)).Headers : "";
        init;
    }

    /// <summary>As received, at most 4 KB, kept as bytes; null when there was no answer.</summary>
    public byte[]? ResponseHeaders
    {
        get => field ??= Response?.Rebuild(Facts);
        init;
    }

    /// <summary>First 1 KB as received; null when there was no answer.</summary>
    public byte[]? ResponseBody { get; init; }

    /// <summary>Fingerprints of the secrets whose signatures were sent, separated by spaces.</summary>
    public required string SignedWith { get; init; }

    /// <summary>The request as the sender keeps it; its texts are made only when somebody asks. Null for an attempt that was given its texts.</summary>
    public KeptHead? Request { get; init; }

    /// <summary>The head of the response, kept in the same way.</summary>
    public KeptHead? Response { get; init; }

    /// <summary>The id and type of the event, which the delivery has; <see cref="RequestHeaders"/> needs them where there is a <see cref="Request"/>.</summary>
    public (Guid Id, string Type) Event { get; init; }

    private HeadFacts Facts => new(Id, Event.Id, Event.Type, StartedAt);
}
