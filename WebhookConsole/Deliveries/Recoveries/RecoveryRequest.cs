using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>What to recover and how (specification §8).</summary>
public sealed record RecoveryRequest
{
    /// <summary>Null for all active webhooks of the project.</summary>
    public Guid? WebhookId { get; init; }

    /// <summary>Only deliveries made at this time or later; null for the whole history.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries made before this time; null for now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Failed, held or both.</summary>
    public IReadOnlyList<DeliveryStatus> Statuses { get; init; } = [DeliveryStatus.Failed];

    public EventFilter EventTypes { get; init; } = EventFilter.All;

    /// <summary>Only these deliveries, at most <see cref="Recovery.MaxSelected"/>; empty when time and type decide.</summary>
    public IReadOnlyList<Guid> DeliveryIds { get; init; } = [];

    /// <summary>Deliveries per second, 1–1,000; null for as many as the webhooks' own limits allow.</summary>
    public int? PerSecond { get; init; }

    /// <summary>Send one first, and the rest only when it has succeeded.</summary>
    public bool ProbeFirst { get; init; }
}
