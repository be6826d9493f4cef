using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>What to recover and how (specification §8).</summary>
public sealed record RecoveryRequest
{
    /// <summary>Null for all active webhooks of the project.</summary>
    public Guid? WebhookId { get; init; }

    /// <summary>Only deliveries created at this time or later; null for the whole history.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries created before this time; null for now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Failed, held or both.</summary>
    public IReadOnlyList<DeliveryStatus> Statuses { get; init; } = [DeliveryStatus.Failed];

    public EventFilter EventTypes { get; init; } = EventFilter.All;

    /// <summary>Only these deliveries, at most <see cref="Recovery.MaxSelected"/>; empty when time and type decide.</summary>
    public IReadOnlyList<Guid> DeliveryIds { get; init; } = [];

    /// <summary>Deliveries per second, 1–1,000; null for as many as the webhooks' own limits allow.</summary>
    public int? PerSecond { get; init; }

    /// <summary>Send one first, and the rest only after it has succeeded.</summary>
    public bool ProbeFirst { get; init; }

    /// <exception cref="RuleException">Invalid, with a sentence for each field.</exception>
    public void Check()
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        if (Since > Until)
        {
            errors["since"] = ["'since' is later than 'until'."];
        }

        if (Statuses.Count == 0 || Statuses.Any(s => s is not (DeliveryStatus.Failed or DeliveryStatus.Held)) || Statuses.Distinct().Count() != Statuses.Count)
        {
            errors["statuses"] = ["Choose failed, held or both."];
        }

        if (PerSecond is < 1 or > Recovery.MaxPerSecond)
        {
            errors["perSecond"] = [$"The pace must be a whole number between 1 and {Recovery.MaxPerSecond:N0}."];
        }

        if (DeliveryIds.Count > Recovery.MaxSelected)
        {
            errors["deliveryIds"] = [$"Select at most {Recovery.MaxSelected} deliveries, or choose a time range."];
        }

        if (errors.Count > 0)
        {
            throw RuleException.Invalid(errors);
        }
    }
}
