using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Cluster;

/// <summary>A node as people see it.</summary>
/// <param name="IsThis">True for the node that answers.</param>
/// <param name="IsSilent">True when it has shown no sign of life for a few seconds: its lanes are about to be taken over.</param>
/// <param name="Lanes">How many webhooks it is delivering for at the moment.</param>
/// <param name="LaneNames">The names of the first of them.</param>
public sealed record NodeState(
    string Name,
    string Version,
    DateTimeOffset JoinedAt,
    DateTimeOffset SeenAt,
    bool IsThis,
    bool IsSilent,
    int Lanes,
    IReadOnlyList<string> LaneNames
);

/// <summary>Reads the nodes of the cluster.</summary>
public sealed class NodeQueries(IDbContextFactory<ConsoleDbContext> contexts, NodeMembership node, TimeProvider clock)
{
    private const int Named = 5;

    // A node shows a sign of life every second; the clocks of two machines may differ a little.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(4);

    /// <summary>By name; empty for a process that is alone with its database.</summary>
    public async Task<IReadOnlyList<NodeState>> ListAsync(CancellationToken cancellationToken)
    {
        if (!node.IsCluster)
        {
            return [];
        }

        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<ClusterNode> nodes = await db.ClusterNodes.AsNoTracking().OrderBy(n => n.Name).ThenBy(n => n.Id).ToListAsync(cancellationToken);
        var lanes = await (from d in db.ClusterDuties join w in db.Webhooks on d.Id equals w.Id orderby w.Name select new { d.NodeId, w.Name }).ToListAsync(
            cancellationToken
        );
        return
        [
            .. from n in nodes
            let own = lanes.Where(l => l.NodeId == n.Id).Select(l => l.Name).ToArray()
            select new NodeState(
                n.Name,
                n.Version,
                n.JoinedAt,
                n.SeenAt,
                n.Id == node.NodeId,
                clock.GetUtcNow() - n.SeenAt > s_silence,
                own.Length,
                own[..Math.Min(own.Length, Named)]
            ),
        ];
    }
}
