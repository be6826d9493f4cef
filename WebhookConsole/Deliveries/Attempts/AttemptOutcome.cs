using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>The result of one exchange. <see cref="Failure"/> null means success.</summary>
public sealed record AttemptOutcome
{
    /// <summary>True when the node lost its right to send before the answer came; nothing else is then known.</summary>
    public bool IsAbandoned { get; init; }

    public required Guid RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required string Url { get; init; }

    public required string? RemoteAddress { get; init; }

    public required AttemptFailure? Failure { get; init; }

    public required int? StatusCode { get; init; }

    /// <summary>The id and type of the event that was sent.</summary>
    public required (Guid Id, string Type) Event { get; init; }

    /// <summary>The request, as far as it was written.</summary>
    public required KeptHead Request { get; init; }

    /// <summary>The head of the response; null when there was none.</summary>
    public required KeptHead? Response { get; init; }

    /// <summary>As sent, one <c>Name: value</c> per line.</summary>
    public string RequestHeaders => RequestText.Read(Request.Rebuild(Facts)).Headers;

    /// <summary>As received; null when there was no response.</summary>
    public byte[]? ResponseHeaders => Response?.Rebuild(Facts);

    public required byte[]? ResponseBody { get; init; }

    /// <summary>How long the receiver asks to be left alone.</summary>
    public required TimeSpan? RetryAfter { get; init; }

    /// <summary>Fingerprints of the secrets whose signatures were sent.</summary>
    public required IReadOnlyList<string> SignedWith { get; init; }

    /// <summary>The same, separated by spaces.</summary>
    public required string Fingerprints { get; init; }

    /// <summary>When the endpoint's certificate ends; known only where this attempt made a TLS handshake.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }

    public bool Succeeded => Failure is null;

    public FailureClass? FailureClass => Failure?.Kind.ClassOf();

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
            FailureKind = Failure?.Kind,
            ErrorDetail = Failure?.Detail,
            ResponseBody = ResponseBody,
            SignedWith = Fingerprints,
            Request = Request,
            Response = Response,
            Event = Event,
        };

    private HeadFacts Facts => new(RequestId, Event.Id, Event.Type, StartedAt);
}
