using System.Reflection;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Cluster;

/// <summary>
/// This process as a node of the cluster. Every second, a thread of its own increases a number in the node's row, as a sign of life, and watches the
/// numbers of the others. A number that stands still for <see cref="NodeLease.Length"/> by the watcher's own clock means a dead node: its row is
/// removed, unless the number has grown after all, and its duties are free. A node that finds its row removed joins anew. Without a cluster, none of
/// this happens and the lease is endless.
/// </summary>
public sealed class NodeMembership(StoreDialect dialect, IOptions<ClusterOptions> options, IHostApplicationLifetime lifetime, ILogger<NodeMembership> log)
    : IHostedService,
        IDisposable
{
    private const string Insert = "INSERT INTO cluster_nodes (id, name, version, joined_at, beat, seen_at) VALUES (@p0, @p1, @p2, @p3, 0, @p3)";
    private const string Beat = "UPDATE cluster_nodes SET beat = beat + 1, seen_at = @p1 WHERE id = @p0";
    private const string SelectOthers = "SELECT id, name, beat FROM cluster_nodes WHERE id <> @p0";

    // The duties go with the row of their node, in one statement, so that nobody dies between the two.
    private const string RemoveSilent = """
        WITH gone AS (DELETE FROM cluster_nodes WHERE id = @p0 AND beat = @p1 RETURNING id)
        DELETE FROM cluster_duties d USING gone WHERE d.node_id = gone.id RETURNING d.id
        """;

    private const string Remove = """
        WITH gone AS (DELETE FROM cluster_nodes WHERE id = @p0 RETURNING id) DELETE FROM cluster_duties d USING gone WHERE d.node_id = gone.id
        """;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeProvider s_clock = TimeProvider.System;

    private readonly Dictionary<Guid, (long Beat, long SeenAt)> _others = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly ManualResetEventSlim _left = new();
    private StoreSession? _session;
    private Thread? _thread;
    private volatile NodeLease _lease = NodeLease.Endless;

    /// <summary>True when this process shares its database with others.</summary>
    public bool IsCluster => options.Value.Enabled;

    /// <summary>The id of this process as a node; a new one each time it has to join anew.</summary>
    public Guid NodeId { get; private set; } = Ids.New(s_clock.GetUtcNow());

    /// <summary>What people call this node.</summary>
    public string Name => options.Value.NodeName.Length > 0 ? options.Value.NodeName : Environment.MachineName;

    /// <summary>The lease as it is now. What begins under it ends with it, even if another lease follows.</summary>
    public NodeLease Lease => _lease;

    /// <summary>Raised on the node's thread: look for what is due. Has the duties of a node that has died; none after this node had lost its lease.</summary>
    public event Action<IReadOnlyList<Guid>>? Freed;

    /// <summary>Becomes a node, before anything is delivered.</summary>
    public void Join()
    {
        if (IsCluster)
        {
            JoinAnew();
            _thread = new Thread(Run) { IsBackground = true, Name = "cluster-node" };
            _thread.Start();
            new Thread(EndLease) { IsBackground = true, Name = "cluster-lease" }.Start();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Leaves the cluster, after the lanes have ended: others may take everything over at once.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _thread?.Join();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _session?.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(s_interval))
        {
            try
            {
                ShowLife();
                if (!lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    // A node that is stopping could not run what it takes over.
                    Watch();
                }
            }
            // Whatever is wrong, the thread goes on: the end of a thread would be the end of the process.
            catch (Exception exception)
            {
                log.LogWarning(exception, "This node cannot show the others that it is alive; its lanes stop if this goes on for {Length}", NodeLease.Length);
                _session?.Dispose();
                _session = null;
            }
        }

        Leave();
        _left.Set();
    }

    // A thread that neither waits for the database nor for a free thread of the pool ends what is under way when the lease is over.
    private void EndLease()
    {
        while (!_left.Wait(s_tick))
        {
            NodeLease lease = _lease;
            if (!lease.IsHeld)
            {
                try
                {
                    lease.Lose();
                }
                // Something that was told of the end has failed; the others were told as well.
                catch (AggregateException exception)
                {
                    log.LogError(exception, "Not everything could be told that the lease has ended");
                }
            }
        }
    }

    private void ShowLife()
    {
        long sentAt = s_clock.GetTimestamp();
        if (Session.Execute(Beat, NodeId, s_clock.GetUtcNow().ToUnixTimeMilliseconds()) == 0)
        {
            log.LogWarning("The other nodes have given this node up and taken over its lanes; it is joining again");
            _lease.Lose();
            JoinAnew();
            Freed?.Invoke([]);
        }
        else if (!_lease.Renew(sentAt))
        {
            // Nobody has taken anything over, so the duties are still this node's. Its lanes have ended and are started again.
            log.LogWarning("The database was unreachable for longer than {Length}; this node goes on", NodeLease.Length - NodeLease.Margin);
            _lease.Lose();
            _lease = new NodeLease(sentAt);
            Freed?.Invoke([]);
        }
    }

    private void JoinAnew()
    {
        NodeId = Ids.New(s_clock.GetUtcNow());
        long sentAt = s_clock.GetTimestamp();
        string version = typeof(NodeMembership).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Session.Execute(Insert, NodeId, Name, version, s_clock.GetUtcNow().ToUnixTimeMilliseconds());
        _lease = new NodeLease(sentAt);
    }

    private void Watch()
    {
        HashSet<Guid> present = [];
        List<(Guid Id, string Name, long Beat)> silent = [];
        using (IStoreRows rows = Session.Query(SelectOthers, NodeId))
        {
            while (rows.Read())
            {
                (Guid id, long beat) = (rows.Id(0), rows.Number(2)!.Value);
                present.Add(id);
                if (!_others.TryGetValue(id, out (long Beat, long SeenAt) last) || last.Beat != beat)
                {
                    _others[id] = (beat, s_clock.GetTimestamp());
                }
                else if (s_clock.GetElapsedTime(last.SeenAt) >= NodeLease.Length)
                {
                    silent.Add((id, rows.Text(1), beat));
                }
            }
        }

        foreach (Guid gone in _others.Keys.Where(id => !present.Contains(id)).ToArray())
        {
            _others.Remove(gone);
        }

        foreach ((Guid id, string name, long beat) in silent)
        {
            List<Guid> free = [];
            using (IStoreRows rows = Session.Query(RemoveSilent, id, beat))
            {
                while (rows.Read())
                {
                    free.Add(rows.Id(0));
                }
            }

            log.LogWarning("Node {Node} has been silent for {Length}; its {Count} duties are being taken over", name, NodeLease.Length, free.Count);
            Freed?.Invoke(free);
        }
    }

    private void Leave()
    {
        // Lanes have ended; if the stop took too long, what is left of them ends now.
        _lease.Lose();
        try
        {
            Session.Execute(Remove, NodeId);
        }
        // Here, too, an exception would end the process.
        catch (Exception exception)
        {
            log.LogWarning(exception, "Could not tell the other nodes that this one is leaving; they take over in {Length}", NodeLease.Length);
        }
    }

    private StoreSession Session => _session ??= dialect.OpenPromptSession();
}
