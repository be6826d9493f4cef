namespace WebhookConsole.Domain;

/// <summary>A key for programs, belonging to one project (specification §12). Only its hash is kept.</summary>
public sealed class ApiToken
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the token text, which is long and random, so that no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Shown where the token is not: <c>whc_…1a2b</c>.</summary>
    public required string Hint { get; init; }

    public required TokenScopes Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>What an API token may do.</summary>
[Flags]
public enum TokenScopes
{
    None = 0,

    /// <summary><c>events:write</c></summary>
    EventsWrite = 1,

    /// <summary><c>deliveries:read</c></summary>
    DeliveriesRead = 2,

    /// <summary><c>deliveries:replay</c></summary>
    DeliveriesReplay = 4,

    /// <summary><c>webhooks:read</c></summary>
    WebhooksRead = 8,

    /// <summary><c>webhooks:write</c></summary>
    WebhooksWrite = 16,

    /// <summary><c>secrets:rotate</c></summary>
    SecretsRotate = 32,

    /// <summary><c>audit:read</c></summary>
    AuditRead = 64,

    All = EventsWrite | DeliveriesRead | DeliveriesReplay | WebhooksRead | WebhooksWrite | SecretsRotate | AuditRead,
}
