using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>The query parameters of GET /deliveries; an omitted one does not filter.</summary>
public sealed record DeliveryQueryContract
{
    public Guid? WebhookId { get; init; }

    public DeliveryStatus? Status { get; init; }

    public FailureClass? FailureClass { get; init; }

    public string? EventType { get; init; }

    public Guid? EventId { get; init; }

    [Description("Made at this time or later.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Made before this time.")]
    public DateTimeOffset? Until { get; init; }

    [Description("True for test deliveries only, false for live ones only.")]
    public bool? Test { get; init; }

    [Range(1, DeliveryQueries.MaxPage)]
    [DefaultValue(50)]
    public int Limit { get; init; } = 50;

    [Description("nextCursor of the previous page, with the same filters.")]
    public string? Cursor { get; init; }
}

/// <param name="NextCursor">
/// Pass it to get the next page; null on the last one. A page may hold fewer items than requested and still have a cursor, because what no index
/// can find is searched one step at a time.
/// </param>
public sealed record ListContract<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>A delivery in a list.</summary>
public record DeliveryContract
{
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required Guid WebhookId { get; init; }

    public required string WebhookName { get; init; }

    public required DeliveryStatus Status { get; init; }

    public required string? StatusReason { get; init; }

    [Description("webhook_delivery_failed once it was given up; else null.")]
    public required string? Error { get; init; }

    public required FailureClass? FailureClass { get; init; }

    public required int? StatusCode { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }

    public required bool Test { get; init; }
}

/// <summary>A delivery with everything known about it.</summary>
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

/// <summary>One request of a delivery, and its answer.</summary>
public sealed record AttemptContract
{
    public required int Number { get; init; }

    public required AttemptTrigger Trigger { get; init; }

    public required Guid RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int DurationMs { get; init; }

    public required int? StatusCode { get; init; }

    public required FailureClass? FailureClass { get; init; }

    [Description("The cause within the class, such as tls_expired or http_404.")]
    public required FailureKind? FailureKind { get; init; }

    [Description("For people; do not parse it.")]
    public required string? ErrorDetail { get; init; }

    public required string Url { get; init; }

    public required string RequestHeaders { get; init; }

    [Description("As received; bytes that are not UTF-8 show as U+FFFD.")]
    public required string? ResponseHeaders { get; init; }

    [Description("The first 1 KB; bytes that are not UTF-8 show as U+FFFD.")]
    public required string? ResponseBody { get; init; }

    public required string? RemoteAddress { get; init; }

    [Description("Fingerprints of the secrets whose signatures were sent.")]
    public required IReadOnlyList<string> SignedWith { get; init; }

    [Description("False for a test or replay that was sent while the database could not be written. It appears in the history as soon as it is recorded.")]
    public required bool Recorded { get; init; }
}
