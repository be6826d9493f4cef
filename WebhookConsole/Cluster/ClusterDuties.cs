using WebhookConsole.Data.Store;

namespace WebhookConsole.Cluster;

/// <summary>
/// What only one node does at a time: the lane of a webhook, or a job of the whole installation. A duty belongs to the node in its row for as
/// long as that node exists. Without a cluster, every duty is this process's.
/// </summary>
public sealed class ClusterDuties(StoreDialect dialect, NodeMembership node) : IDisposable
{
    // A duty whose node is gone is free, even where nobody has tidied up yet.
    private const string Take = """
        INSERT INTO cluster_duties (id, node_id, since) VALUES (@p0, @p1, @p2)
        ON CONFLICT (id) DO UPDATE SET node_id = excluded.node_id, since = excluded.since
        WHERE cluster_duties.node_id = excluded.node_id OR NOT EXISTS (SELECT 1 FROM cluster_nodes n WHERE n.id = cluster_duties.node_id)
        """;

    private const string Release = "DELETE FROM cluster_duties WHERE id = @p0 AND node_id = @p1";

    private const string SelectOwner = "SELECT d.node_id FROM cluster_duties d JOIN cluster_nodes n ON n.id = d.node_id WHERE d.id = @p0";

    // A server has few connections to spare, and a question takes a fraction of a millisecond.
    private const int MaxSessions = 4;

    private readonly SessionPool _sessions = new(dialect, dialect.OpenPromptSession, MaxSessions);

    /// <summary>Takes a duty, or keeps it.</summary>
    /// <returns>False when it is another node's.</returns>
    public bool TryTake(Guid id) => !node.IsCluster || (node.Lease.IsHeld && _sessions.Use(session => session.Execute(Take, id, node.NodeId, Now())) == 1);

    /// <summary>Gives a duty back, so that any node can take it.</summary>
    public void GiveBack(Guid id)
    {
        if (node.IsCluster)
        {
            _sessions.Use(session => session.Execute(Release, id, node.NodeId));
        }
    }

    /// <summary>The other node whose duty it is; null when it is this node's or nobody's.</summary>
    public Guid? OtherOwnerOf(Guid id) =>
        _sessions.Use(session =>
        {
            using IStoreRows rows = session.Query(SelectOwner, id);
            return rows.Read() && rows.Id(0) is var owner && owner != node.NodeId ? owner : (Guid?)null;
        });

    public void Dispose() => _sessions.Dispose();

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
