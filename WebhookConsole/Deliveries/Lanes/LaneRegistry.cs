using System.Collections.Concurrent;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Tells a lane that it has something to look at: a running one through its mailbox, which costs nothing, any other through the
/// scheduler.
/// </summary>
public sealed class LaneRegistry
{
    private readonly ConcurrentDictionary<Guid, LaneMailbox> _running = new();
    private readonly ILaneScheduler _scheduler;
    private readonly ILogger<LaneRegistry> _log;

    public LaneRegistry(ILaneScheduler scheduler, WebhookDirectory directory, ILogger<LaneRegistry> log)
    {
        _scheduler = scheduler;
        _log = log;
        directory.Changed += webhookId => _ = WakeAsync(webhookId);
    }

    /// <summary>Wakes a lane. Never throws: a wake that is lost is made up for by the sweep.</summary>
    public async Task WakeAsync(Guid webhookId)
    {
        if (_running.TryGetValue(webhookId, out LaneMailbox? mailbox))
        {
            mailbox.Wake();
            return;
        }

        try
        {
            await _scheduler.RunAsync(webhookId);
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _log.LogWarning(exception, "Could not wake the lane of webhook {WebhookId}; the sweep will", webhookId);
        }
    }

    /// <summary>The mailbox of a running lane; null when it does not run.</summary>
    internal LaneMailbox? Find(Guid webhookId) => _running.GetValueOrDefault(webhookId);

    /// <summary>To be called by a lane that starts; the scheduler sees to it that there is one.</summary>
    internal LaneMailbox Enter(Guid webhookId) => _running[webhookId] = new LaneMailbox();

    internal void Leave(Guid webhookId)
    {
        if (_running.TryRemove(webhookId, out LaneMailbox? mailbox))
        {
            mailbox.Close();
        }
    }
}
