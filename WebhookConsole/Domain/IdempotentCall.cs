namespace WebhookConsole.Domain;

/// <summary>A call of the API with an <c>Idempotency-Key</c> that has made something. It is written with what it made, and kept for a day.</summary>
public sealed class IdempotentCall
{
    /// <summary>The most characters of a key.</summary>
    public const int MaxKeyLength = 200;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public required Guid Id { get; init; }

    /// <summary>The token or person that called: everybody has keys of their own.</summary>
    public required Guid ActorId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, address and body. The same key with another request is a mistake of the caller.</summary>
    public required byte[] Fingerprint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it was made, and what: as in the audit log.</summary>
    public Guid? ProjectId { get; set; }

    public string? TargetKind { get; set; }

    public Guid? TargetId { get; set; }

    public string? TargetName { get; set; }

    /// <summary>Of the answer.</summary>
    public int? Status { get; set; }

    /// <summary>Of the answer.</summary>
    public string? Location { get; set; }

    /// <summary>The body of the answer, encrypted: it may hold a secret. Null until it is known, and when what it is about was deleted.</summary>
    public string? ProtectedAnswer { get; set; }
}
