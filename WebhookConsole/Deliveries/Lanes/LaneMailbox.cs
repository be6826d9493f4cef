using WebhookConsole.Data.Store;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// What others hand to a running lane: wakes, and freshly committed deliveries, which need not be read back from the database. A delivery
/// is claimed before its commit; from then on the lane skips it in what it reads, so that it never goes out twice. While the lane is
/// behind, nothing is claimed, so the order of the queue is the order of the database. Safe for use by many threads.
/// </summary>
internal sealed class LaneMailbox
{
    private const int MaxClaims = 1024;
    private const int MaxClaimedBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _claims = [];
    private readonly Queue<DueDelivery> _arrived = new();
    private int _bytes;
    private bool _dirty = true;
    private bool _behind = true;
    private bool _closed;

    /// <summary>Set whenever the lane has something to look at.</summary>
    public AsyncAutoResetEvent Signal { get; } = new();

    /// <summary>Number of deliveries that are claimed but not yet taken.</summary>
    public int Claims
    {
        get
        {
            lock (_gate)
            {
                return _claims.Count;
            }
        }
    }

    /// <summary>Must be called before the commit; a claim ends with <see cref="Deliver"/> or <see cref="Abandon"/>.</summary>
    /// <returns>False when the lane has to find the delivery in the database; wake it after the commit.</returns>
    public bool TryClaim(DueDelivery delivery)
    {
        lock (_gate)
        {
            if (_closed || _behind || _claims.Count >= MaxClaims || _bytes > MaxClaimedBytes - delivery.Payload.Length)
            {
                _behind = true;
                return false;
            }

            _bytes += delivery.Payload.Length;
            _claims.Add(delivery.Id);
            return true;
        }
    }

    /// <summary>Hands over what was claimed and is committed.</summary>
    /// <returns>False when the lane has ended in the meantime; wake it.</returns>
    public bool Deliver(List<DueDelivery> deliveries)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            foreach (DueDelivery delivery in deliveries)
            {
                _arrived.Enqueue(delivery);
            }
        }

        Signal.Set();
        return true;
    }

    /// <summary>Gives up the claims of deliveries that were not committed.</summary>
    public void Abandon(List<DueDelivery> deliveries)
    {
        lock (_gate)
        {
            foreach (DueDelivery delivery in deliveries)
            {
                Forget(delivery);
            }
        }
    }

    /// <summary>Something changed that the lane can only see in the database.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _dirty = true;
        }

        Signal.Set();
    }

    /// <summary>True once after each <see cref="Wake"/>.</summary>
    public bool TakeWake()
    {
        lock (_gate)
        {
            bool dirty = _dirty;
            _dirty = false;
            return dirty;
        }
    }

    /// <summary>Moves what has arrived into the lane's own queue; from then on the lane keeps track of it.</summary>
    public void Take(Queue<DueDelivery> queue)
    {
        lock (_gate)
        {
            while (_arrived.TryDequeue(out DueDelivery? delivery))
            {
                Forget(delivery);
                queue.Enqueue(delivery);
            }
        }
    }

    public bool IsClaimed(Guid deliveryId)
    {
        lock (_gate)
        {
            return _claims.Contains(deliveryId);
        }
    }

    /// <summary>Says whether the database holds more than the lane could read.</summary>
    public void SetBehind(bool behind)
    {
        lock (_gate)
        {
            _behind = behind;
        }
    }

    /// <summary>The lane ends; what arrives from now on, and what has arrived unseen, stays in the database.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _arrived.Clear();
            _claims.Clear();
        }
    }

    private void Forget(DueDelivery delivery)
    {
        if (_claims.Remove(delivery.Id))
        {
            _bytes -= delivery.Payload.Length;
        }
    }
}
