using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebhookConsole.Cluster;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Health;

/// <summary>A readiness check in words.</summary>
/// <param name="Text">What is wrong; for a healthy check, what was checked.</param>
public sealed record ReadinessCheck(string Name, HealthStatus Status, string Text);

/// <summary>A setting as it is in force.</summary>
/// <param name="Key">Where to change it: <c>Section:Name</c>.</param>
/// <param name="Value">Never a secret.</param>
/// <param name="Meaning">One sentence.</param>
public sealed record InstallationSetting(string Key, string Value, string Meaning);

/// <param name="Title">A word or two.</param>
public sealed record InstallationSettings(string Title, IReadOnlyList<InstallationSetting> Settings);

/// <summary>What an owner sees of the installation. It is read-only; the keys say where to change it.</summary>
public sealed record InstallationState
{
    /// <summary>Of the product.</summary>
    public required string Version { get; init; }

    /// <summary>Name and version of the runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary><c>Production</c> or <c>Development</c>.</summary>
    public required string Environment { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>SQLite or PostgreSQL.</summary>
    public required string Database { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Bytes of all files in it; on PostgreSQL, of the database.</summary>
    public required long DataSize { get; init; }

    /// <summary>Bytes that its disk has left for this process; null on PostgreSQL, which has a disk of its own.</summary>
    public required long? DiskFree { get; init; }

    public required IReadOnlyList<ReadinessCheck> Checks { get; init; }

    public required IReadOnlyList<JobState> Jobs { get; init; }

    /// <summary>What the outbound guard lets through beyond https to public addresses; empty for nothing.</summary>
    public required IReadOnlyList<string> Opened { get; init; }

    /// <summary>Encryption keys in the key ring; the newest encrypts, the older ones still decrypt.</summary>
    public required int Keys { get; init; }

    /// <summary>When the key that encrypts now was made; null before the first.</summary>
    public required DateTimeOffset? NewestKey { get; init; }

    public required int OpenPages { get; init; }

    /// <summary>The nodes of the cluster; empty for a process that is alone with its database.</summary>
    public required IReadOnlyList<NodeState> Nodes { get; init; }

    public required IReadOnlyList<InstallationSettings> Settings { get; init; }
}
