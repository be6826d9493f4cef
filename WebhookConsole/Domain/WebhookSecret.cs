namespace WebhookConsole.Domain;

/// <summary>A key that a webhook signs with (specification §4). Destroyed by deleting the row; only the fingerprint lives on in attempts.</summary>
public sealed class WebhookSecret
{
    public required Guid Id { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>The secret, encrypted with a key that is not in the database.</summary>
    public required string ProtectedValue { get; set; }

    /// <summary>First 8 hex digits of the SHA-256 of the secret text: tells secrets apart without revealing them.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Shown where the secret is not: <c>whsec_…1a2b</c>.</summary>
    public required string Hint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for the current secret; for a previous one, when it stops signing.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>True while nobody has seen it: an operator made it, and an admin may claim it once.</summary>
    public bool Claimable { get; set; }
}
