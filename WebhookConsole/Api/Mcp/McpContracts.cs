using WebhookConsole.Domain;

namespace WebhookConsole.Api.Mcp;

/// <summary>What <c>find_deliveries</c> takes; an omitted member does not filter.</summary>
internal sealed record FindDeliveriesArguments
{
    public Guid? WebhookId { get; init; }

    public DeliveryStatus? Status { get; init; }

    public FailureClass? FailureClass { get; init; }

    public bool Failing { get; init; }

    public string? EventType { get; init; }

    public Guid? EventId { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public int Limit { get; init; } = 20;

    public string? Cursor { get; init; }
}

/// <summary>What the tools take that are about one delivery.</summary>
internal sealed record DeliveryArguments
{
    public required Guid DeliveryId { get; init; }
}

/// <summary>What <c>show_attempt</c> takes.</summary>
internal sealed record AttemptArguments
{
    public required Guid DeliveryId { get; init; }

    public int? Number { get; init; }
}

/// <summary>What a tool without arguments takes.</summary>
internal sealed record NoArguments;
