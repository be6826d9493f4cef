using WebhookConsole.Cluster;
using WebhookConsole.Deliveries.Lanes;

namespace WebhookConsole.Jobs;

/// <summary>
/// In a cluster, a lane that another node runs is woken there, which takes a message; only a lane that nobody runs is started by the
/// scheduler, which takes several transactions.
/// </summary>
internal sealed class ClusterLaneScheduler(QuartzLaneScheduler quartz, NodeMembership node, ClusterDuties duties, LaneMessages messages) : ILaneScheduler
{
    public ValueTask RunAsync(Guid webhookId)
    {
        if (node.IsCluster && duties.OtherOwnerOf(webhookId) is { } other)
        {
            messages.WakeAt(other, webhookId);
            return ValueTask.CompletedTask;
        }

        return quartz.RunAsync(webhookId);
    }

    public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time) => quartz.RunAtAsync(webhookId, time);
}
