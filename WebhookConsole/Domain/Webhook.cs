namespace WebhookConsole.Domain;

/// <summary>A configured target of deliveries (specification §1, §3).</summary>
public sealed class Webhook
{
    public const int MaxNameLength = 100;
    public const int MaxUrlLength = 2048;
    public const int MaxDescriptionLength = 1000;
    public const int DefaultMaxInFlight = 8;

    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Name { get; set; }

    /// <summary>Absolute address; checked by <c>TargetUrl</c> before it gets here.</summary>
    public required string Url { get; set; }

    public string Description { get; set; } = "";

    /// <summary>Whose events it gets: the project's, or those that the console makes about the project's webhooks.</summary>
    public WebhookScope Scope { get; set; }

    public EventFilter EventFilter { get; set; } = EventFilter.All;

    public bool Enabled { get; set; }

    /// <summary>False until a test event was answered with 2xx, where verification was asked for.</summary>
    public bool Verified { get; set; }

    /// <summary>When its endpoint last answered such a test event, successfully or not; null before the first one.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Why it is unverified or was disabled by the engine, as a sentence; null otherwise.</summary>
    public string? StateReason { get; set; }

    /// <summary>When the engine disabled it; null when it is enabled or a person disabled it.</summary>
    public DateTimeOffset? AutoDisabledAt { get; set; }

    public SignatureFormat Format { get; set; }

    /// <summary>Header of the signature for <see cref="SignatureFormat.BodyHex"/>; null for the format's own.</summary>
    public string? SignatureHeader { get; set; }

    public RetrySchedule RetrySchedule { get; set; } = RetrySchedule.Patient;

    /// <summary>Extra request headers as people see them, in order.</summary>
    public IReadOnlyList<HeaderHint> Headers { get; set; } = [];

    /// <summary>The same with their values, encrypted with a key that is not in the database; null when there are none.</summary>
    public string? ProtectedHeaders { get; set; }

    /// <summary>Maximum requests in flight, 1–100.</summary>
    public int MaxInFlight { get; set; } = DefaultMaxInFlight;

    /// <summary>Attempts per second at most; null for no limit.</summary>
    public int? RateLimitPerSecond { get; set; }

    /// <summary>Raised by each edit; an edit based on an older one is refused (specification §17, stale edit).</summary>
    public int Version { get; set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public WebhookState State =>
        this switch
        {
            { DeletedAt: not null } => WebhookState.Deleted,
            { Enabled: false, AutoDisabledAt: not null } => WebhookState.Error,
            { Enabled: false } => WebhookState.Disabled,
            { Verified: false } => WebhookState.Unverified,
            _ => WebhookState.Active,
        };
}

/// <summary>Whose events a webhook gets. Stored as a number.</summary>
public enum WebhookScope
{
    /// <summary>Events that are posted to the project.</summary>
    Events = 0,

    /// <summary>Operational events, see <see cref="OperationalEventTypes"/>.</summary>
    Operations = 1,
}

/// <summary>Names of scopes.</summary>
public static class WebhookScopes
{
    /// <summary>The word that the API and set-up files have for it.</summary>
    public static string Word(this WebhookScope scope) =>
        scope switch
        {
            WebhookScope.Events => "events",
            WebhookScope.Operations => "operations",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };
}

/// <summary>The state that a webhook's chip shows.</summary>
public enum WebhookState
{
    Active = 0,
    Unverified = 1,
    Disabled = 2,
    Error = 3,
    Deleted = 4,
}

/// <summary>One HTTP header.</summary>
public sealed record HeaderField(string Name, string Value);
