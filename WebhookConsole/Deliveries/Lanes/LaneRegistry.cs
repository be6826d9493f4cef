using System.Collections.Concurrent;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Tells a lane that it has something to look at: a running lane through its mailbox, which costs nothing, and any other through the
/// scheduler.
/// </summary>
public sealed class LaneRegistry
{
    private readonly ConcurrentDictionary<Guid, LaneMailbox> _running = new();
    private readonly ILaneScheduler _scheduler;
    private readonly ILogger<LaneRegistry> _log;

    public LaneRegistry(ILaneScheduler scheduler, WebhookDirectory directory, LaneMessages messages, ILogger<LaneRegistry> log)
    {
        _scheduler = scheduler;
        _log = log;
        directory.Changed += webhookId => _ = WakeAsync(webhookId);
        directory.ChangedElsewhere += webhookId => Find(webhookId)?.Wake();
        messages.Woken += webhookId => _ = WakeAsync(webhookId);
    }

    /// <summary>Wakes a lane. Never throws; the sweep makes up for a wake that is lost.</summary>
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
        // Whatever is wrong with the scheduler, the sweep wakes the lane later.
        catch (Exception exception)
        {
            _log.LogWarning(exception, "Could not wake the lane of webhook {WebhookId}; the sweep will", webhookId);
        }
    }

    /// <summary>The mailbox of a lane; null when the lane is not running.</summary>
    internal LaneMailbox? Find(Guid webhookId) => _running.GetValueOrDefault(webhookId);

    /// <summary>Must be called by a lane that starts.</summary>
    /// <returns>Null when the lane is already running: one that lost its lease may still be recording its last results.</returns>
    internal LaneMailbox? TryEnter(Guid webhookId)
    {
        LaneMailbox mailbox = new();
        return _running.TryAdd(webhookId, mailbox) ? mailbox : null;
    }

    internal void Leave(Guid webhookId)
    {
        if (_running.TryRemove(webhookId, out LaneMailbox? mailbox))
        {
            mailbox.Close();
        }
    }
}
