using WebhookConsole.Cluster;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>What the nodes of a cluster tell each other about lanes.</summary>
public sealed class LaneMessages
{
    private const string WakeTopic = "lane";
    private const string FreeTopic = "free-lane";

    private readonly NodeMessages _messages;

    public LaneMessages(NodeMessages messages, NodeMembership node)
    {
        _messages = messages;
        messages.On(
            WakeTopic,
            text =>
            {
                if (text.Split(' ') is [var owner, var webhook] && Guid.TryParse(owner, out Guid nodeId) && nodeId == node.NodeId)
                {
                    Wake(webhook);
                }
            }
        );
        messages.On(FreeTopic, Wake);
    }

    /// <summary>Raised when the lane of a webhook has to look at what is due, and has to be started if no node runs it.</summary>
    public event Action<Guid>? Woken;

    /// <summary>Wakes the lane on the node that runs it.</summary>
    public void WakeAt(Guid nodeId, Guid webhookId) => _messages.Send(WakeTopic, $"{nodeId} {webhookId}");

    /// <summary>Says that this node no longer runs a lane that has something planned.</summary>
    public void TellFree(Guid webhookId) => _messages.Send(FreeTopic, webhookId.ToString());

    private void Wake(string webhook)
    {
        if (Guid.TryParse(webhook, out Guid webhookId))
        {
            Woken?.Invoke(webhookId);
        }
    }
}
