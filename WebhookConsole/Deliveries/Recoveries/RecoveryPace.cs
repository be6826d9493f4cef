using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>Says how many deliveries a recovery may make due now, and whose turn it is. One caller at a time.</summary>
internal sealed class RecoveryPace(int? perSecond, TimeProvider clock)
{
    private double _allowed = 1;
    private long _filledAt = clock.GetTimestamp();
    private int _turn;

    /// <summary>The parts, beginning with a different one each time, so that a slow pace reaches every webhook.</summary>
    public IEnumerable<RecoveryPart> InTurn(List<RecoveryPart> parts)
    {
        int first = parts.Count == 0 ? 0 : _turn++ % parts.Count;
        return parts.Skip(first).Concat(parts.Take(first));
    }

    /// <summary>How many one of <paramref name="parts"/> parts may make due now.</summary>
    public int Share(int parts)
    {
        if (perSecond is not { } rate)
        {
            return int.MaxValue;
        }

        // It saves up at most one second's worth, so that no burst follows a pause.
        long now = clock.GetTimestamp();
        _allowed = Math.Min(Math.Max(1, rate), _allowed + clock.GetElapsedTime(_filledAt, now).TotalSeconds * rate);
        _filledAt = now;
        return _allowed < 1 ? 0 : Math.Max(1, (int)_allowed / parts);
    }

    public void Used(int planned) => _allowed -= perSecond is null ? 0 : planned;
}
