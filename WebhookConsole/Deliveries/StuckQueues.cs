namespace WebhookConsole.Deliveries;

/// <summary>
/// Notices webhooks whose oldest due delivery stays the same for minutes: a lane that hangs, or retries that never get their turn. The
/// sweep reports what it sees. A backlog that moves is not stuck, however long it is.
/// </summary>
public sealed class StuckQueues(TimeProvider clock)
{
    /// <summary>An attempt takes at most ten seconds, so nothing healthy stands still for this long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private Dictionary<Guid, (DateTimeOffset Oldest, long Since)> _seen = [];

    /// <summary>Webhooks that stand still.</summary>
    public IReadOnlyList<Guid> Webhooks
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen.Where(s => clock.GetElapsedTime(s.Value.Since) >= Limit).Select(s => s.Key)];
            }
        }
    }

    /// <summary>
    /// Asks again about what stood still, so that nobody has to wait for the next sweep to hear that it moves.
    /// </summary>
    /// <param name="nextDue">When the oldest due delivery of a webhook was due.</param>
    public void LookAgain(Func<Guid, DateTimeOffset?> nextDue)
    {
        foreach (Guid webhookId in Webhooks)
        {
            DateTimeOffset? next = nextDue(webhookId);
            lock (_gate)
            {
                if (_seen.TryGetValue(webhookId, out (DateTimeOffset Oldest, long Since) last) && last.Oldest != next)
                {
                    _seen.Remove(webhookId);
                }
            }
        }
    }

    /// <param name="oldest">For each webhook that has due deliveries: when the oldest of them was due.</param>
    public void Saw(IReadOnlyDictionary<Guid, DateTimeOffset> oldest)
    {
        long now = clock.GetTimestamp();
        lock (_gate)
        {
            _seen = oldest.ToDictionary(
                o => o.Key,
                o => _seen.TryGetValue(o.Key, out (DateTimeOffset Oldest, long Since) last) && last.Oldest == o.Value ? last : (o.Value, now)
            );
        }
    }
}
