using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>What came of one exchange. <see cref="FailureClass"/> null means success.</summary>
public sealed record AttemptOutcome
{
    public required Guid RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required string Url { get; init; }

    public string? RemoteAddress { get; init; }

    public int? StatusCode { get; init; }

    public FailureClass? FailureClass { get; init; }

    /// <summary>For experts; starts with a stable word and a colon where the class has kinds (<c>tls_expired: …</c>).</summary>
    public string? ErrorDetail { get; init; }

    public required string RequestHeaders { get; init; }

    public byte[]? ResponseHeaders { get; init; }

    public byte[]? ResponseBody { get; init; }

    /// <summary>How long the receiver asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Fingerprints of the secrets that signed.</summary>
    public required IReadOnlyList<string> SignedWith { get; init; }

    public bool Succeeded => FailureClass is null;

    /// <summary>The row to keep.</summary>
    public DeliveryAttempt ToAttempt(Guid deliveryId, AttemptTrigger trigger) =>
        new()
        {
            Id = RequestId,
            DeliveryId = deliveryId,
            Trigger = trigger,
            StartedAt = StartedAt,
            DurationMs = (int)Math.Max(0, (CompletedAt - StartedAt).TotalMilliseconds),
            Url = Url,
            RemoteAddress = RemoteAddress,
            StatusCode = StatusCode,
            FailureClass = FailureClass,
            ErrorDetail = ErrorDetail,
            RequestHeaders = RequestHeaders,
            ResponseHeaders = ResponseHeaders,
            ResponseBody = ResponseBody,
            SignedWith = string.Join(' ', SignedWith),
        };
}
