using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookConsole.Api.Contracts;

/// <summary>A webhook as the API shows it. Times are RFC 3339 UTC.</summary>
public sealed record WebhookContract
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public required string Description { get; init; }

    /// <summary>Exact types and prefix wildcards; <c>["*"]</c> for all.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>active, unverified, disabled or error.</summary>
    public required string State { get; init; }

    public required string? StateReason { get; init; }

    /// <summary>standard, svix, body-hex or timestamped-hex.</summary>
    public required string Format { get; init; }

    public required string? SignatureHeader { get; init; }

    /// <summary>A name, or a list of seconds.</summary>
    public required JsonElement RetrySchedule { get; init; }

    /// <summary>Extra headers: the name, and <c>…</c> with the last four characters of the value. Short values show <c>…</c> alone.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required int MaxInFlight { get; init; }

    public required int? RateLimitPerSecond { get; init; }

    /// <summary>The end of the current secret; never the secret.</summary>
    public required string? SecretHint { get; init; }

    public required string? SecretFingerprint { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Only in the answer that creates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

public sealed record ListContract<T>(IReadOnlyList<T> Items, string? NextCursor);

public sealed record RotatedContract(string Secret, DateTimeOffset? PreviousExpiresAt);

/// <summary>An accepted event.</summary>
public sealed record AcceptedEventContract(Guid Id, int Deliveries, bool Duplicate);

/// <summary>One answer of a batch: the event, or why this item was refused.</summary>
public sealed record BatchItemContract
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Id { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Deliveries { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Duplicate { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ItemErrorContract? Error { get; init; }
}

public sealed record ItemErrorContract(string Code, string Message);

/// <summary>Answers in the order of the items sent.</summary>
public sealed record BatchContract(int Accepted, int Refused, IReadOnlyList<BatchItemContract> Items);

public sealed record EventContract(
    Guid Id,
    string Type,
    JsonElement Payload,
    string? ClientId,
    bool Test,
    DateTimeOffset CreatedAt,
    IReadOnlyList<EventDeliveryContract> Deliveries
);

public sealed record EventDeliveryContract(Guid Id, Guid WebhookId, string Status, int AttemptCount, DateTimeOffset? NextAttemptAt);

/// <summary>A delivery in a list.</summary>
public record DeliveryContract
{
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required Guid WebhookId { get; init; }

    public required string WebhookName { get; init; }

    /// <summary>pending, retrying, succeeded, failed, held or cancelled.</summary>
    public required string Status { get; init; }

    public required string? StatusReason { get; init; }

    /// <summary><c>webhook_delivery_failed</c> once it was given up; else null.</summary>
    public required string? Error { get; init; }

    public required string? FailureClass { get; init; }

    public required int? StatusCode { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }

    public required bool Test { get; init; }
}

/// <summary>A delivery with everything known of it.</summary>
public sealed record DeliveryDetailContract : DeliveryContract
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public DeliveryDetailContract(DeliveryContract row)
        : base(row)
    {
        Url = "";
        Payload = default;
        Attempts = [];
    }

    public required string Url { get; init; }

    public required JsonElement Payload { get; init; }

    public required IReadOnlyList<AttemptContract> Attempts { get; init; }
}

public sealed record AttemptContract
{
    public required int Number { get; init; }

    /// <summary>automatic, replay, test, verify or recover.</summary>
    public required string Trigger { get; init; }

    public required Guid RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int DurationMs { get; init; }

    public required int? StatusCode { get; init; }

    public required string? FailureClass { get; init; }

    /// <summary>The cause within the class: <c>tls_expired</c>, <c>http_404</c>, …</summary>
    public required string? FailureKind { get; init; }

    /// <summary>For people; not to be parsed.</summary>
    public required string? ErrorDetail { get; init; }

    public required string Url { get; init; }

    public required string RequestHeaders { get; init; }

    /// <summary>As received; bytes that are not UTF-8 show as U+FFFD.</summary>
    public required string? ResponseHeaders { get; init; }

    /// <summary>First 1 KB; bytes that are not UTF-8 show as U+FFFD.</summary>
    public required string? ResponseBody { get; init; }

    public required string? RemoteAddress { get; init; }

    /// <summary>Fingerprints of the secrets whose signatures were sent.</summary>
    public required IReadOnlyList<string> SignedWith { get; init; }

    /// <summary>
    /// False for a test or replay that was sent while the database could not be written: the attempt is in no history yet, and is recorded as
    /// soon as possible.
    /// </summary>
    public required bool Recorded { get; init; }
}

/// <summary>What POST /webhooks takes.</summary>
public sealed record CreateWebhookContract
{
    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>Omitted or "*" for all.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    public bool? Enabled { get; init; }

    public string? Format { get; init; }

    public string? SignatureHeader { get; init; }

    /// <summary>patient, brisk, standard, none or a list of seconds.</summary>
    public JsonElement? RetrySchedule { get; init; }

    public bool? Verify { get; init; }

    public string? Secret { get; init; }

    /// <summary>Extra headers by name: the whole set. In a PATCH, null keeps the stored value of that name.</summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    public int? MaxInFlight { get; init; }

    public int? RateLimitPerSecond { get; init; }
}

/// <summary>What POST /events takes.</summary>
public sealed record PostEventContract(string Type, JsonElement Payload, string? Id);

/// <summary>Novee's registration, names as its document prints them.</summary>
public sealed record NoveeRegistrationContract(
    [property: JsonPropertyName("_id")] Guid Id,
    string ProjectId,
    string Url,
    IReadOnlyList<string> Types,
    string Secret
);
