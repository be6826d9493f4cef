namespace WebhookConsole.Domain;

/// <summary>A process that serves from the database together with others. Its row exists until the node leaves or the others give it up.</summary>
public sealed class ClusterNode
{
    /// <summary>A new one each time the process joins.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the product.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>Grows every second while the node lives and reaches the database.</summary>
    public long Beat { get; init; }

    /// <summary>When it last grew, by the clock of the node; for people only.</summary>
    public DateTimeOffset SeenAt { get; init; }
}

/// <summary>Something that only one node may do at a time: run the lane of a webhook, or a job of the whole installation.</summary>
public sealed class ClusterDuty
{
    /// <summary>The id of the webhook, or of the job.</summary>
    public required Guid Id { get; init; }

    /// <summary>The node whose duty it is. When that node no longer exists, the duty is free.</summary>
    public required Guid NodeId { get; init; }

    public required DateTimeOffset Since { get; init; }
}

/// <summary>A file of the key ring that the nodes share, encrypted with the key of the cluster.</summary>
public sealed class ClusterKey
{
    public const int MaxNameLength = 200;

    /// <summary>As Data Protection names it.</summary>
    public required string Name { get; init; }

    /// <summary>Encrypted XML.</summary>
    public required byte[] Content { get; init; }
}
