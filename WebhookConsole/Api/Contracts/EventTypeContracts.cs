using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Api.Contracts;

/// <summary>An event type of the catalogue as the API shows it.</summary>
public sealed record EventTypeContract
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    [Description("A payload for tests and documentation; null when none was given.")]
    public required JsonElement? Example { get; init; }

    [Description("True when nobody has declared it: it was added because an event of this type arrived.")]
    public required bool Seen { get; init; }

    [Description("True when nobody should subscribe to it any more. Its events are still accepted and delivered.")]
    public required bool Deprecated { get; init; }

    [Description("Increases with each edit. A PATCH with an older version is refused.")]
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The fields of an event type that a caller can set.</summary>
public abstract record EventTypeFieldsContract
{
    [MaxLength(EventTypeDraft.MaxDescriptionLength)]
    public string? Description { get; init; }

    [Description("Any JSON value of at most 64 KiB; an object if tests are to send it. Null for none.")]
    public JsonElement? Example { get; init; }

    [Description("A new type is not deprecated unless this is true.")]
    public bool Deprecated { get; init; }
}

/// <summary>What POST /event-types takes.</summary>
public sealed record CreateEventTypeContract : EventTypeFieldsContract
{
    [Description("Letters, digits, '.', '_' and '-'.")]
    [MaxLength(EventTypeName.MaxLength)]
    public required string Name { get; init; }
}

/// <summary>What PATCH takes: the fields to change.</summary>
public sealed record UpdateEventTypeContract : EventTypeFieldsContract
{
    [Description("The version you read. You can send it in the If-Match header instead.")]
    public int? Version { get; init; }
}
