namespace WebhookConsole.Domain;

/// <summary>How a delivery is signed (specification §5).</summary>
public enum SignatureFormat
{
    /// <summary>Standard Webhooks: <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
    Standard = 0,

    /// <summary>Like <see cref="Standard"/>, with <c>svix-</c> header names.</summary>
    Svix = 1,

    /// <summary>Hex HMAC of the body in a header whose name the webhook may choose.</summary>
    BodyHex = 2,

    /// <summary>Hex HMAC of <c>timestamp.body</c> in <c>X-Signature</c>.</summary>
    TimestampedHex = 3,
}
