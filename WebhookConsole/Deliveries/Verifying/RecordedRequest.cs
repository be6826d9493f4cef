using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Verifying;

/// <summary>What this installation knows about a request: the event, and the attempt where the request's id is one of ours.</summary>
/// <param name="Payload">The bytes that were sent.</param>
public sealed record RecordedRequest(Guid EventId, string EventType, byte[] Payload, DeliveryAttempt? Attempt, Guid? WebhookId)
{
    /// <summary>The fingerprints of the secrets that signed the attempt.</summary>
    public IReadOnlyList<string> SignedWith => Attempt?.SignedWith.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>The answer of the Verifier.</summary>
/// <param name="Webhook">The webhook whose secrets were looked at; null for none.</param>
/// <param name="Recorded">Null when the request is not known here.</param>
public sealed record VerifiedRequest(Signing.VerificationReport Report, WebhookName? Webhook, RecordedRequest? Recorded);

public sealed record WebhookName(Guid Id, string Name);
