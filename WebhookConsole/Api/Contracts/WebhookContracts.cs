using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>A webhook as the API shows it.</summary>
public sealed record WebhookContract
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public required string Description { get; init; }

    [Description("Whose events it gets: those posted to the project, or operational events about its other webhooks.")]
    public required WebhookScope Scope { get; init; }

    [Description("Exact types and prefix wildcards; [\"*\"] for all.")]
    public required EventFilter EventTypes { get; init; }

    public required bool Enabled { get; init; }

    public required WebhookState State { get; init; }

    [Description("Why it is unverified, or was disabled after failures; a sentence.")]
    public required string? StateReason { get; init; }

    public required SignatureFormat Format { get; init; }

    public required string? SignatureHeader { get; init; }

    [Description("The name of a schedule, or its delays in seconds.")]
    public required RetrySchedule RetrySchedule { get; init; }

    [Description("Extra headers: the name, and … with the last four characters of the value; of a short value … alone.")]
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required int MaxInFlight { get; init; }

    public required int? RateLimitPerSecond { get; init; }

    [Description("The last characters of the current secret, never all of it.")]
    public required string? SecretHint { get; init; }

    public required string? SecretFingerprint { get; init; }

    [Description("Increases with each edit. A PATCH with an older version is refused.")]
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    [Description("Only in the answer that creates it, and only for tokens that may see it.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>The fields of a webhook that a caller can set.</summary>
public abstract record WebhookFieldsContract
{
    [MaxLength(Webhook.MaxNameLength)]
    public virtual string? Name { get; init; }

    [MaxLength(Webhook.MaxUrlLength)]
    public virtual string? Url { get; init; }

    [MaxLength(Webhook.MaxDescriptionLength)]
    public string? Description { get; init; }

    [Description("Exact types and prefix wildcards such as \"incident.*\". \"*\" means all, which is the default for a new webhook.")]
    public EventFilter EventTypes { get; init; } = EventFilter.All;

    [Description("A new webhook is on unless this is false.")]
    public bool Enabled { get; init; } = true;

    [Description("The default for a new webhook is standard.")]
    public SignatureFormat Format { get; init; }

    [Description("For the format body-hex: the header of the signature.")]
    public string? SignatureHeader { get; init; }

    [Description("The name of a schedule, or 1–20 delays in seconds; patient by default in a new webhook.")]
    public RetrySchedule RetrySchedule { get; init; } = RetrySchedule.Patient;

    [Description("Extra headers by name, at most 20: the whole set. In a PATCH, null keeps the stored value of that name.")]
    public IReadOnlyDictionary<string, string?> Headers { get; init; } = new Dictionary<string, string?>();

    [Range(1, 100)]
    [Description("Concurrent requests; 8 by default in a new webhook.")]
    public int MaxInFlight { get; init; } = Webhook.DefaultMaxInFlight;

    [Description("Null for no limit.")]
    [Range(1, 10_000)]
    public int? RateLimitPerSecond { get; init; }
}

/// <summary>What POST /webhooks takes.</summary>
public sealed record CreateWebhookContract : WebhookFieldsContract
{
    public override required string? Name { get; init; }

    public override required string? Url { get; init; }

    [Description("events (the default), or operations for operational events such as webhook.auto_disabled. It cannot be changed later.")]
    public WebhookScope Scope { get; init; }

    [Description("Send a test event first: the webhook is active only once the endpoint has answered with 2xx.")]
    public bool? Verify { get; init; }

    [Description("A secret to import; omit it to generate one.")]
    public string? Secret { get; init; }
}

/// <summary>What PATCH takes: the fields to change.</summary>
public sealed record UpdateWebhookContract : WebhookFieldsContract
{
    [Description("The version you read. You can send it in the If-Match header instead.")]
    public int? Version { get; init; }

    [Description(
        "Only with \"enabled\": true: what happens to the deliveries held until now, all or nothing with the other changes. If omitted, they stay held."
    )]
    public HeldContract? Held { get; init; }
}

/// <summary>What POST /webhooks/{id}/rotate takes.</summary>
public sealed record RotateContract
{
    [Description("How long the old secret stays valid beside the new one; if omitted, it ends now.")]
    [Range(1, 168)]
    public int? OverlapHours { get; init; }
}

/// <summary>A new secret, shown once.</summary>
public sealed record RotatedContract(string Secret, DateTimeOffset? PreviousExpiresAt);

/// <summary>What POST /webhooks/{id}/test takes.</summary>
public sealed record TestContract
{
    [Description("The type to send; if omitted, the first one that the webhook is subscribed to by name.")]
    public string? EventType { get; init; }

    [Description("Send the type's example (the default; if it has none, a small payload) or its last real payload.")]
    public TestSource Source { get; init; }

    [Description("A JSON object to send instead, at most 256 KiB. \"test\": true is added to every test.")]
    public JsonElement? Payload { get; init; }
}

/// <summary>What POST /webhooks/{id}/held takes, and PATCH with it.</summary>
public sealed record HeldContract
{
    public required HeldAction Action { get; init; }

    [Description("Only deliveries created since then; if omitted, all.")]
    public DateTimeOffset? Since { get; init; }

    [Description("For send: exact types and prefix wildcards; all others stay held. Omit it for all. A recovery sends them.")]
    public EventFilter EventTypes { get; init; } = EventFilter.All;

    [Description("For send: one delivery goes first, and the rest only after it has succeeded. A recovery sends them.")]
    public bool ProbeFirst { get; init; }
}

/// <summary>How many deliveries were moved, or will be sent.</summary>
/// <param name="RecoveryId">The recovery that sends them; null when they were moved at once.</param>
public sealed record HeldCountContract(int Count, Guid? RecoveryId);

/// <summary>What Novee's registration takes; the names are those of its document.</summary>
public sealed record NoveeContract
{
    public required string ProjectId { get; init; }

    public required string Url { get; init; }

    public required EventFilter Types { get; init; }
}

/// <summary>Novee's registration; the names are those of its document.</summary>
public sealed record NoveeRegistrationContract(
    [property: JsonPropertyName("_id")] Guid Id,
    string ProjectId,
    string Url,
    IReadOnlyList<string> Types,
    [property: Description("Null for people whose role may not see it; an admin or owner can claim it in the console.")] string? Secret
);
