namespace WebhookConsole.Domain;

/// <summary>Where a recovery stands (specification §8). Stored as a number: values never change their meaning.</summary>
public enum RecoveryStatus
{
    Running = 0,

    /// <summary>A person paused it, or it cannot go on by itself; <see cref="Recovery.StatusReason"/> says why.</summary>
    Paused = 1,

    /// <summary>Everything that it matched has been attempted.</summary>
    Completed = 2,
    Cancelled = 3,
}

/// <summary>
/// Sends many failed or held deliveries again (specification §8). The rows are the whole state: what is on its way carries the recovery's id,
/// what was attempted has a <see cref="RecoveryResult"/>, and the rest is still failed or held.
/// </summary>
public sealed class Recovery
{
    public const int MaxPerSecond = 1000;

    /// <summary>How many deliveries a person can select one by one for a recovery.</summary>
    public const int MaxSelected = 500;

    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Null for all webhooks of the project.</summary>
    public Guid? WebhookId { get; init; }

    /// <summary>Only deliveries created at this time or later; null for the whole history.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries created before this time.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Whether it sends deliveries that have failed.</summary>
    public required bool TakesFailed { get; init; }

    /// <summary>Whether it sends deliveries that are held.</summary>
    public required bool TakesHeld { get; init; }

    public EventFilter EventTypes { get; init; } = EventFilter.All;

    /// <summary>The ids of the deliveries that a person selected, separated by spaces; null when time and type decide.</summary>
    public string? Selected { get; init; }

    /// <summary>Deliveries per second at most; null for as many as the webhooks' own limits allow.</summary>
    public int? PerSecond { get; init; }

    /// <summary>True when one delivery goes first, and the rest only after it has succeeded.</summary>
    public bool ProbeFirst { get; init; }

    /// <summary>True until the first delivery has succeeded or a person has resumed.</summary>
    public bool Probing { get; set; }

    public RecoveryStatus Status { get; set; }

    /// <summary>Why it is paused, or what it left out, as a sentence; null otherwise.</summary>
    public string? StatusReason { get; set; }

    /// <summary>How many deliveries matched when it was created.</summary>
    public int Total { get; set; }

    public int Attempted { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    /// <summary>Who started it, as the audit log calls them.</summary>
    public required string StartedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; set; }

    public bool IsOver => Status is RecoveryStatus.Completed or RecoveryStatus.Cancelled;

    /// <summary>Matched deliveries that have not been attempted; when it is over, those that no longer needed it.</summary>
    public int Left => Math.Max(0, Total - Attempted);

    /// <summary>The selected deliveries, in order; null when time and type decide.</summary>
    public IReadOnlyList<Guid>? SelectedIds() => Selected?.Split(' ').Select(Guid.Parse).Order().ToArray();
}

/// <summary>How far a recovery has come with the failed, or the held, deliveries of one webhook.</summary>
public sealed class RecoveryPart
{
    public required Guid RecoveryId { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>Failed or held.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>Everything up to this id has been looked at.</summary>
    public Guid Position { get; set; }

    /// <summary>True when something was found since the search began; it then begins again at its end.</summary>
    public bool Found { get; set; }

    /// <summary>True when a whole search found nothing more.</summary>
    public bool Done { get; set; }
}

/// <summary>What a recovery did with one delivery. There is at most one for each: a recovery attempts nothing twice.</summary>
public sealed class RecoveryResult
{
    public required Guid RecoveryId { get; init; }

    public required Guid DeliveryId { get; init; }

    public required Guid AttemptId { get; init; }

    public required bool Succeeded { get; init; }

    public required DateTimeOffset At { get; init; }
}
