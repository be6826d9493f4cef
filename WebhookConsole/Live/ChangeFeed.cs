using WebhookConsole.Cluster;

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
    private const string Topic = "changed";

    private readonly Lock _gate = new();
    private readonly NodeMessages _messages;
    private volatile ChangeSubscription[] _subscriptions = [];

    public ChangeFeed(NodeMessages messages)
    {
        _messages = messages;
        messages.On(
            Topic,
            text =>
            {
                if (text.Split(' ') is [var project, var kind] && Guid.TryParse(project, out Guid projectId) && Enum.TryParse(kind, out ChangeKind known))
                {
                    Offer(new ChangeNotice(projectId, known, null));
                }
            }
        );
        messages.Missed += OfferEverything;
    }

    public void Publish(ChangeNotice notice)
    {
        Offer(notice);
        if (_messages.HasOthers)
        {
            // The pages of other nodes are told what kind of thing has changed, which is all that they need.
            _messages.SendSoon(Topic, $"{notice.ProjectId} {notice.Kind}");
        }
    }

    private void Offer(ChangeNotice notice)
    {
        // This costs nothing when nobody is looking, which is most of the time.
        foreach (ChangeSubscription subscription in _subscriptions)
        {
            subscription.Offer(notice);
        }
    }

    private void OfferEverything()
    {
        foreach (ChangeSubscription subscription in _subscriptions)
        {
            subscription.OfferEverything();
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

/// <summary>One listener. It remembers which kinds have changed, not how often: a flood of changes costs it next to nothing.</summary>
public sealed class ChangeSubscription : IDisposable
{
    private readonly ChangeFeed _feed;
    private readonly Guid _projectId;
    private readonly SemaphoreSlim _changed = new(0);
    private int _kinds;
    private volatile bool _ended;

    internal ChangeSubscription(ChangeFeed feed, Guid projectId)
    {
        _feed = feed;
        _projectId = projectId;
    }

    /// <summary>Waits until something has changed since the last call, so that a burst becomes one refresh.</summary>
    /// <returns>Nothing when the subscription has ended.</returns>
    public async Task<ChangedKinds> NextAsync(CancellationToken cancellationToken)
    {
        await _changed.WaitAsync(cancellationToken);
        return _ended ? default : new ChangedKinds(Interlocked.Exchange(ref _kinds, 0));
    }

    public void Dispose()
    {
        _feed.Remove(this);
        _ended = true;
        _changed.Release();
    }

    internal void OfferEverything()
    {
        foreach (ChangeKind kind in Enum.GetValues<ChangeKind>())
        {
            Offer(new ChangeNotice(_projectId, kind, null));
        }
    }

    internal void Offer(ChangeNotice notice)
    {
        int kind = 1 << (int)notice.Kind;
        if (notice.ProjectId == _projectId && (Volatile.Read(ref _kinds) & kind) == 0 && Interlocked.Or(ref _kinds, kind) == 0)
        {
            _changed.Release();
        }
    }
}

/// <summary>What has changed.</summary>
public readonly record struct ChangedKinds
{
    private readonly int _kinds;

    internal ChangedKinds(int kinds) => _kinds = kinds;

    public bool Any => _kinds != 0;

    public bool Contains(ChangeKind kind) => (_kinds & (1 << (int)kind)) != 0;
}
