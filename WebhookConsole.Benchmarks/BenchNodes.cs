using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>The application under measurement: one process, or several nodes of a cluster on one PostgreSQL database.</summary>
internal sealed class BenchNodes : IAsyncDisposable
{
    private readonly ConsoleProcess[] _nodes;

    private BenchNodes(ConsoleProcess[] nodes) => _nodes = nodes;

    /// <summary>The first node; after its first event it has the lane.</summary>
    public ConsoleProcess First => _nodes[0];

    /// <summary>The last node: not the first one, if there are several.</summary>
    public ConsoleProcess Last => _nodes[^1];

    /// <summary>Processor time of all nodes.</summary>
    public TimeSpan Cpu => _nodes.Aggregate(TimeSpan.Zero, (sum, n) => sum + n.Child.Cpu);

    /// <summary>Resident bytes of all nodes.</summary>
    public long Memory => _nodes.Sum(n => n.Child.Memory);

    /// <param name="count">Number of nodes.</param>
    /// <param name="database">Their database; null for SQLite.</param>
    /// <param name="program">The published file; null for the build.</param>
    /// <exception cref="ArgumentException">Several nodes need PostgreSQL.</exception>
    public static async Task<BenchNodes> StartAsync(int count, BenchDatabase? database, string? program = null)
    {
        if (count > 1 && database is null)
        {
            throw new ArgumentException("--nodes needs --database postgres.", nameof(count));
        }

        BenchNodes nodes = new([
            .. Enumerable
                .Range(0, count)
                .Select(i => new ConsoleProcess(program: program, more: SettingsOf(i, count, database), database: i == 0 ? database : null)),
        ]);
        try
        {
            foreach (ConsoleProcess node in nodes._nodes)
            {
                await node.StartAsync();
            }

            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts to each node its share of the events.</summary>
    /// <returns>Milliseconds until each answer.</returns>
    public async Task<double[]> PostAsync(Func<HttpClient, int, Task<double[]>> postAsync, int events)
    {
        double[][] answers = await Task.WhenAll(_nodes.Select(n => postAsync(n.Api, events / _nodes.Length)));
        return answers.SelectMany(a => a).ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        // The first one drops the database.
        foreach (ConsoleProcess node in _nodes.Reverse())
        {
            await node.DisposeAsync();
        }
    }

    private static Dictionary<string, string> SettingsOf(int node, int count, BenchDatabase? database) =>
        count == 1 || database is null
            ? []
            : new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["Storage__ConnectionString"] = database.ConnectionString,
                ["Cluster__Enabled"] = "true",
                ["Cluster__Key"] = "benchmark-cluster-key-0123456789-0123456789",
                ["Cluster__NodeName"] = string.Create(CultureInfo.InvariantCulture, $"node-{node}"),
            };
}
