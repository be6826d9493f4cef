using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>Which deliveries to show; a null member does not filter.</summary>
public sealed record DeliveryFilter
{
    public Guid? WebhookId { get; init; }

    public DeliveryStatus? Status { get; init; }

    /// <summary>Only what is failing (specification §8): failed, retrying, and held after a failure.</summary>
    public bool Failing { get; init; }

    public FailureClass? FailureClass { get; init; }

    public string? EventType { get; init; }

    public Guid? EventId { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool? Test { get; init; }

    /// <summary>What somebody typed, as <see cref="History.DeliverySearch"/> reads it.</summary>
    public string? Search { get; init; }
}
