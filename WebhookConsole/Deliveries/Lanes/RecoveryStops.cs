using System.Collections.Concurrent;
using WebhookConsole.Cluster;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Recoveries that were paused or cancelled in this process, or on another node that said so. A lane reads a page ahead; it drops the deliveries of
/// these recoveries, so that nothing more goes out after a person has pressed Pause. The database is told first and decides.
/// </summary>
public sealed class RecoveryStops
{
    private const string StopTopic = "stop-recovery";
    private const string ResumeTopic = "resume-recovery";

    private readonly ConcurrentDictionary<Guid, bool> _stopped = new();
    private readonly NodeMessages _messages;

    public RecoveryStops(NodeMessages messages)
    {
        _messages = messages;
        messages.On(StopTopic, id => _stopped[Guid.Parse(id)] = true);
        messages.On(ResumeTopic, id => _stopped.TryRemove(Guid.Parse(id), out _));
    }

    public void Stop(Guid recoveryId)
    {
        _stopped[recoveryId] = true;
        _messages.Send(StopTopic, recoveryId.ToString());
    }

    public void Resume(Guid recoveryId)
    {
        _stopped.TryRemove(recoveryId, out _);
        _messages.Send(ResumeTopic, recoveryId.ToString());
    }

    public bool IsStopped(Guid recoveryId) => _stopped.ContainsKey(recoveryId);
}
