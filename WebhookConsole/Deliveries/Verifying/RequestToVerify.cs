using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Verifying;

/// <summary>What somebody gave the Verifier. A class and not a record, so that nothing ever prints the secret.</summary>
public sealed class RequestToVerify
{
    public required IReadOnlyList<HeaderField> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>Null for the webhook's, or else the one that the headers show.</summary>
    public SignatureFormat? Format { get; init; }

    /// <summary>The webhook's own signature header; null or empty for the format's.</summary>
    public string? OwnHeader { get; init; }

    /// <summary>The receiver's secret; null or empty to check with the webhook's.</summary>
    public string? Secret { get; init; }

    /// <summary>What the receiver's code computed as the signature; null or empty for nothing.</summary>
    public string? Computed { get; init; }

    /// <summary>The webhook that is said to have sent it; null to look it up by the request's id.</summary>
    public Guid? WebhookId { get; init; }
}
