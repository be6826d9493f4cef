using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebhookConsole.Cluster;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Cluster;

/// <summary>Runs alone, because nothing else in the process gets a thread of the pool meanwhile.</summary>
[CollectionDefinition(nameof(StarvedAlone), DisableParallelization = true)]
public sealed class StarvedAlone;

/// <summary>A node that has no free thread in its pool still shows the others that it is alive.</summary>
[Collection(nameof(StarvedAlone))]
public sealed class LeaseThreadTests : IAsyncLifetime
{
    // The pool gets one or two more threads each second, so it does not get through these.
    private const int Blocked = 500;

    private TestDatabase? _database;

    private TestDatabase Database => _database ?? throw new InvalidOperationException("There is no PostgreSQL.");

    public async Task InitializeAsync() => _database = RequiredPostgres.SkipReason is null ? await TestDatabase.MigratedPostgresAsync() : null;

    public async Task DisposeAsync() => await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);

    [PostgresFact]
    public void Lease_ThreadPoolStarvedForLongerThanItLasts_IsHeld()
    {
        using ManualResetEventSlim release = new();
        using CountdownEvent left = new(Blocked + 1);
        using DbConnection connection = Database.Open();
        using NodeMembership node = new(
            new PostgresDialect(Database.ConnectionString!),
            Options.Create(new ClusterOptions { Enabled = true }),
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
            NullLogger<NodeMembership>.Instance
        );
        node.Join();
        NodeLease lease = node.Lease;
        bool poolWasFree = false;
        try
        {
            for (int i = 0; i < Blocked; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        release.Wait();
                        left.Signal();
                    },
                    null
                );
            }

            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    poolWasFree = !release.IsSet;
                    left.Signal();
                },
                null
            );
            long starved = Stopwatch.GetTimestamp();
            long wanted = BeatOf(node.NodeId, connection) + (long)NodeLease.Length.TotalSeconds + 2;
            while (lease.IsHeld && (BeatOf(node.NodeId, connection) < wanted || Stopwatch.GetElapsedTime(starved) < NodeLease.Length))
            {
                release.Wait(TimeSpan.FromMilliseconds(100));
            }

            Assert.True(lease.IsHeld, "The lease ended.");
            Assert.False(lease.Lost.IsCancellationRequested);
            Assert.Same(lease, node.Lease);
        }
        finally
        {
            release.Set();
            left.Wait();
        }

        Assert.False(poolWasFree, "The pool was not starved, so this has shown nothing.");
    }

    private static long BeatOf(Guid nodeId, DbConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT beat FROM cluster_nodes WHERE id = '{nodeId}'";
        return (long)command.ExecuteScalar()!;
    }
}
