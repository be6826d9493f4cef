namespace WebhookConsole.Domain;

/// <summary>One thing that happened (specification §6).</summary>
public sealed class WebhookEvent
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Type { get; init; }

    /// <summary>W3C <c>traceparent</c> of the request that posted it, for links from its attempts; null when that request was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Compact UTF-8 JSON, exactly as it is signed and sent.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The id the sender chose, unique in the project; null when none was given.</summary>
    public string? ClientId { get; init; }

    public bool Test { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
