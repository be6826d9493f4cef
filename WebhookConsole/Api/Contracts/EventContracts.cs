using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>What POST /events takes. <see cref="Bodies.EventReader"/> reads it by hand, because the payload is written compactly in the same pass.</summary>
public sealed record PostEventContract
{
    [Description("Letters, digits, '.', '_' and '-'.")]
    [MaxLength(EventTypeName.MaxLength)]
    public required string Type { get; init; }

    [Description("Any JSON value, at most 256 KiB in its compact form and 64 levels deep.")]
    public required JsonElement Payload { get; init; }

    [Description("An id of your own. Posting it again delivers nothing and returns the first event.")]
    [MaxLength(EventIntake.MaxClientIdLength)]
    public string? Id { get; init; }
}

/// <summary>An accepted event: it is on disk, with its deliveries.</summary>
public sealed record AcceptedEventContract(Guid Id, int Deliveries, bool Duplicate);

/// <summary>Answers in the order of the items sent.</summary>
public sealed record BatchContract(int Accepted, int Refused, IReadOnlyList<BatchItemContract> Items);

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

/// <summary>Why an item of a batch was refused.</summary>
public sealed record ItemErrorContract(string Code, string Message);

/// <summary>An event with its deliveries.</summary>
public sealed record EventContract(
    Guid Id,
    string Type,
    JsonElement Payload,
    string? ClientId,
    bool Test,
    DateTimeOffset CreatedAt,
    IReadOnlyList<EventDeliveryContract> Deliveries
);

/// <summary>A delivery of an event.</summary>
public sealed record EventDeliveryContract(Guid Id, Guid WebhookId, DeliveryStatus Status, int AttemptCount, DateTimeOffset? NextAttemptAt);
