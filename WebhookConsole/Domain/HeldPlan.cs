namespace WebhookConsole.Domain;

/// <summary>
/// Held deliveries that somebody has decided to send or discard. It is written in the transaction of the decision and removed with the last
/// delivery that it moves, so a crash in between forgets nothing.
/// </summary>
public sealed class HeldPlan
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid WebhookId { get; init; }

    public required HeldAction Action { get; init; }

    /// <summary>Only deliveries created at this time or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries created before this time: nobody has decided about later ones.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Why the deliveries are cancelled; null when they are sent.</summary>
    public string? Reason { get; init; }
}
