using System.Collections.Concurrent;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Recoveries that were paused or cancelled in this process. A lane reads a page ahead; it drops the deliveries of these recoveries, so that
/// nothing more goes out after a person has pressed Pause. The database is told first and decides.
/// </summary>
public sealed class RecoveryStops
{
    private readonly ConcurrentDictionary<Guid, bool> _stopped = new();

    public void Stop(Guid recoveryId) => _stopped[recoveryId] = true;

    public void Resume(Guid recoveryId) => _stopped.TryRemove(recoveryId, out _);

    public bool IsStopped(Guid recoveryId) => _stopped.ContainsKey(recoveryId);
}
