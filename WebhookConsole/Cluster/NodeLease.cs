namespace WebhookConsole.Cluster;

/// <summary>
/// The right of this node to run lanes, which ends by itself unless it is renewed in time. The others free the duties of a node only after
/// <see cref="Length"/> without a sign of life, and this node stops <see cref="Margin"/> earlier, so that two nodes never send for one webhook at the
/// same time. The clocks of two machines are never compared: each side measures with its own. Safe for use by many threads.
/// </summary>
#pragma warning disable CA1001 // Attempts use its token for as long as they run, and nobody knows when the last one has ended; it has no timer.
public sealed class NodeLease
#pragma warning restore CA1001
{
    /// <summary>How long a node can be silent before the others free its duties.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(8);

    /// <summary>How much earlier the node itself stops: a margin for clocks of different speed and for what was about to be sent.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    /// <summary>For a process that is alone with its database.</summary>
    public static NodeLease Endless { get; } = new();

    private static readonly TimeProvider s_clock = TimeProvider.System;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource? _lost;
    private long _endsAt;
    private DateTimeOffset _endsAtWall;
    private bool _over;

    /// <param name="sentAt">Timestamp taken before the sign of life was sent.</param>
    internal NodeLease(long sentAt)
    {
        _lost = new CancellationTokenSource();
        _endsAt = long.MaxValue;
        Renew(sentAt);
    }

    private NodeLease() { }

    /// <summary>True when a request may be sent now.</summary>
    public bool IsHeld
    {
        get
        {
            if (_lost is null)
            {
                return true;
            }

            lock (_gate)
            {
                return !IsOver();
            }
        }
    }

    /// <summary>Cancelled when the lease has ended; what is in flight must end then.</summary>
    public CancellationToken Lost => _lost?.Token ?? CancellationToken.None;

    /// <returns>False when it has already ended: it is never continued, because lanes and requests may have ended with it.</returns>
    internal bool Renew(long sentAt)
    {
        lock (_gate)
        {
            if (IsOver())
            {
                return false;
            }

            TimeSpan left = Length - Margin - s_clock.GetElapsedTime(sentAt);
            _endsAt = sentAt + (long)((Length - Margin).TotalSeconds * s_clock.TimestampFrequency);

            // The monotonic clock may stand still while a machine sleeps; then the wall clock tells.
            _endsAtWall = s_clock.GetUtcNow() + left;
            return true;
        }
    }

    /// <summary>Ends it now, and tells everybody who waits for its end.</summary>
    internal void Lose()
    {
        lock (_gate)
        {
            _over = true;
        }

        if (_lost is { IsCancellationRequested: false })
        {
            _lost.Cancel();
        }
    }

    private bool IsOver()
    {
        _over |= _endsAt != long.MaxValue && (s_clock.GetTimestamp() >= _endsAt || s_clock.GetUtcNow() >= _endsAtWall);
        return _over;
    }
}
