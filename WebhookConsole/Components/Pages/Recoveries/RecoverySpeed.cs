namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>Measures how fast a recovery goes, from what one open page has seen in the last few seconds.</summary>
public sealed class RecoverySpeed
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Queue<(DateTimeOffset At, int Attempted)> _seen = new();
    private (DateTimeOffset At, int Attempted) _last;

    /// <summary>Deliveries per second; null until there is something to measure.</summary>
    public double? PerSecond
    {
        get
        {
            if (!_seen.TryPeek(out (DateTimeOffset At, int Attempted) first) || _last.At - first.At < s_shortest || _last.Attempted == first.Attempted)
            {
                return null;
            }

            return (_last.Attempted - first.Attempted) / (_last.At - first.At).TotalSeconds;
        }
    }

    public void Saw(DateTimeOffset now, int attempted)
    {
        _last = (now, attempted);
        _seen.Enqueue(_last);
        while (_seen.TryPeek(out (DateTimeOffset At, int Attempted) first) && now - first.At > s_window)
        {
            _seen.Dequeue();
        }
    }
}
