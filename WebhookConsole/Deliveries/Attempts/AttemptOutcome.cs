using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>What came of one exchange; the sender fills it in as the exchange goes on. <see cref="FailureClass"/> null means success.</summary>
public sealed record AttemptOutcome
{
    public required Guid RequestId { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public required DateTimeOffset CompletedAt { get; set; }

    public required string Url { get; set; }

    public string? RemoteAddress { get; set; }

    public int? StatusCode { get; set; }

    public FailureClass? FailureClass { get; set; }

    /// <summary>For experts; starts with a stable word and a colon where the class has kinds (<c>tls_expired: …</c>).</summary>
    public string? ErrorDetail { get; set; }

    public required string RequestHeaders { get; set; }

    public byte[]? ResponseHeaders { get; set; }

    public byte[]? ResponseBody { get; set; }

    /// <summary>How long the receiver asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Fingerprints of the secrets that signed.</summary>
    public required IReadOnlyList<string> SignedWith { get; set; }

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
