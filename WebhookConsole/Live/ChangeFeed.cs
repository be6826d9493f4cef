using System.Threading.Channels;

namespace WebhookConsole.Live;

public enum ChangeKind
{
    /// <summary>Deliveries were added or changed.</summary>
    Deliveries = 0,

    /// <summary>A webhook was added, changed or removed.</summary>
    Webhooks = 1,

    /// <summary>An inbox received a request.</summary>
    Inbox = 2,

    /// <summary>A recovery was started, moved on or ended.</summary>
    Recoveries = 3,
}

/// <summary>Says that something changed; the page asks the services what it was.</summary>
public readonly record struct ChangeNotice(Guid ProjectId, ChangeKind Kind, Guid? SubjectId);

/// <summary>
/// Tells open pages that something changed. A page subscribes first, then reads its snapshot, then reads again for each notice.
/// A slow page misses no change, only how many there were: its next read sees everything.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock _gate = new();
    private volatile ChangeSubscription[] _subscriptions = [];

    public void Publish(ChangeNotice notice)
    {
        // This costs nothing when nobody is looking, which is most of the time.
        foreach (ChangeSubscription subscription in _subscriptions)
        {
            subscription.Offer(notice);
        }
    }

    /// <summary>Starts listening for one project; dispose it to stop.</summary>
    public ChangeSubscription Subscribe(Guid projectId)
    {
        ChangeSubscription subscription = new(this, projectId);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    internal void Remove(ChangeSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = Array.FindAll(_subscriptions, s => s != subscription);
        }
    }
}

/// <summary>One listener.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private const int Capacity = 64;
    private readonly ChangeFeed _feed;
    private readonly Guid _projectId;
    private readonly Channel<ChangeNotice> _notices = Channel.CreateBounded<ChangeNotice>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );

    internal ChangeSubscription(ChangeFeed feed, Guid projectId)
    {
        _feed = feed;
        _projectId = projectId;
    }

    /// <summary>Waits for the next notice, then takes all that are waiting, so that a burst becomes one refresh.</summary>
    /// <returns>Empty when the subscription ended.</returns>
    public async Task<IReadOnlyList<ChangeNotice>> NextAsync(CancellationToken cancellationToken)
    {
        List<ChangeNotice> notices = [];
        if (await _notices.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_notices.Reader.TryRead(out ChangeNotice notice))
            {
                notices.Add(notice);
            }
        }

        return notices;
    }

    public void Dispose()
    {
        _feed.Remove(this);
        _notices.Writer.TryComplete();
    }

    internal void Offer(ChangeNotice notice)
    {
        if (notice.ProjectId == _projectId)
        {
            _notices.Writer.TryWrite(notice);
        }
    }
}
