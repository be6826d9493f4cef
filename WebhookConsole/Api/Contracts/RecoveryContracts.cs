using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Contracts;

/// <summary>Statuses that can be recovered.</summary>
public enum RecoverableStatus
{
    Failed = 0,
    Held = 1,
}

/// <summary>What POST /recoveries takes.</summary>
public sealed record CreateRecoveryContract
{
    [Description("Omit it to include all active webhooks of the project.")]
    public Guid? WebhookId { get; init; }

    [Description("Deliveries created at this time or later.")]
    public required DateTimeOffset Since { get; init; }

    [Description("Deliveries created before this time.")]
    public required DateTimeOffset Until { get; init; }

    public required IReadOnlyList<RecoverableStatus> Statuses { get; init; }

    [Description("Exact types and prefix wildcards such as \"incident.*\". Omit it, or send \"*\", for all.")]
    public EventFilter EventTypes { get; init; } = EventFilter.All;

    [Range(1, Recovery.MaxPerSecond)]
    [Description("Deliveries per second. Omit it to send as fast as the webhooks' own limits allow.")]
    public int? PerSecond { get; init; }

    [Description("Send one delivery first, and the rest only after it has succeeded.")]
    public bool ProbeFirst { get; init; }
}

/// <summary>The query parameters of POST /recoveries.</summary>
public sealed record StartRecoveryQueryContract
{
    [Description("True to count only: nothing is sent.")]
    public bool DryRun { get; init; }
}

/// <summary>The query parameters of GET /recoveries.</summary>
public sealed record RecoveryQueryContract
{
    [Range(1, RecoveryQueries.MaxPage)]
    [DefaultValue(50)]
    public int Limit { get; init; } = 50;

    [Description("The nextCursor of the previous page.")]
    public string? Cursor { get; init; }
}

/// <summary>What a recovery would send.</summary>
/// <param name="LeftOut">Names of webhooks that are disabled or unverified, so nothing can be sent to them.</param>
public sealed record RecoveryCountContract(int Total, IReadOnlyList<RecoveryGroupContract> Groups, IReadOnlyList<string> LeftOut);

public sealed record RecoveryGroupContract(Guid WebhookId, DeliveryStatus Status, string EventType, int Count);

/// <summary>A recovery and its progress.</summary>
public sealed record RecoveryContract
{
    public required Guid Id { get; init; }

    public required RecoveryStatus Status { get; init; }

    [Description("Why it is paused or what it left out, for people to read.")]
    public required string? StatusReason { get; init; }

    public required Guid? WebhookId { get; init; }

    public required DateTimeOffset? Since { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required IReadOnlyList<RecoverableStatus> Statuses { get; init; }

    public required EventFilter EventTypes { get; init; }

    [Description("Deliveries that matched when it was started.")]
    public required int Total { get; init; }

    public required int Attempted { get; init; }

    public required int Succeeded { get; init; }

    [Description("Deliveries whose attempt failed.")]
    public required int Failed { get; init; }

    public required int? PerSecond { get; init; }

    public required bool ProbeFirst { get; init; }

    public required string StartedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }
}
