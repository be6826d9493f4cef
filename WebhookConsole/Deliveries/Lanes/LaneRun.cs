using System.Collections.Concurrent;
using WebhookConsole.Cluster;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Lanes;

/// <summary>The state of one running lane. One loop uses it at a time; only finished attempts come from other threads.</summary>
internal sealed class LaneRun : IAsyncDisposable
{
    private const int MinPage = 32;
    private const int MaxPage = 256;

    // Payloads differ by a factor of thousands, so everything a lane holds is bounded in bytes as well. Requests in flight hold theirs
    // until the receiver answers: with the largest payload, the default limit in flight times its size.
    private const int MaxPageBytes = 512 * 1024;
    private const int MaxBytesInFlight = Webhook.DefaultMaxInFlight * EventIntake.MaxPayload;

    // A slow attempt or a steady flow must not delay a retry that comes due beside it. The clock is the platform's, as for the
    // attempts, because both are about real sockets.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeProvider s_platform = TimeProvider.System;

    private readonly Guid _webhookId;
    private readonly DeliveryStore _store;
    private readonly WebhookDirectory _directory;
    private readonly AttemptRunner _runner;
    private readonly PendingResults _pending;
    private readonly LaneMailbox _mailbox;
    private readonly RecoveryStops _stops;
    private readonly NodeLease _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;

    private readonly LaneThrottle _throttle;
    private readonly Queue<DueDelivery> _first = new();
    private readonly Queue<DueDelivery> _retries = new();
    private readonly Dictionary<Guid, Task> _inFlight = [];
    private readonly ConcurrentQueue<(DueDelivery Due, AttemptOutcome? Outcome)> _finished = new();
    private int _bytesInFlight;
    private readonly ITimer _tick;
    private long _lookedAt = s_platform.GetTimestamp();
    private bool _more;
    private volatile bool _busy;

    // False when the success of an attempt lets nothing else begin and nothing is planned before the next tick: then the lane is not woken for
    // it, and notes it with the next arrival or that tick. A failure always wakes the lane.
    private bool _waitsForEnds = true;
    private (bool Known, DateTimeOffset? At) _next;
    private DateTimeOffset? _asked;

    public LaneRun(
        Guid webhookId,
        DeliveryStore store,
        WebhookDirectory directory,
        AttemptRunner runner,
        PendingResults unrecorded,
        LaneMailbox mailbox,
        RecoveryStops stops,
        NodeLease lease,
        TimeProvider clock,
        CancellationToken stopping
    )
    {
        _webhookId = webhookId;
        _store = store;
        _directory = directory;
        _runner = runner;
        _pending = unrecorded;
        _mailbox = mailbox;
        _stops = stops;
        _lease = lease;
        _clock = clock;
        _stopping = stopping;
        _throttle = new LaneThrottle(clock);
        _tick = s_platform.CreateTimer(
            _ =>
            {
                if (_busy)
                {
                    mailbox.Signal.Set();
                }
            },
            null,
            s_lookAgain,
            s_lookAgain
        );
    }

    /// <summary>Attempts what is due until nothing is.</summary>
    /// <returns>False when the lane ends because the webhook no longer delivers, the application is stopping or the lease has ended.</returns>
    public async Task<bool> DrainAsync()
    {
        _busy = true;
        try
        {
            while (!_stopping.IsCancellationRequested && _lease.IsHeld)
            {
                DeliveryTarget? target = await _directory.FindAsync(_webhookId);
                if (target is null or { HeldReason: not null })
                {
                    await StopDeliveringAsync(target);
                    return false;
                }

                _throttle.Configure(target.MaxInFlight, target.RateLimitPerSecond);

                // An attempt that ends after this line sets the signal; Collect sees those that ended before.
                Interlocked.Exchange(ref _waitsForEnds, true);
                Collect();
                Fill(target.MaxInFlight);
                TimeSpan delay = StartWhatMay(target);
                if (_inFlight.Count == 0 && _first.Count == 0 && _retries.Count == 0)
                {
                    return true;
                }

                Volatile.Write(
                    ref _waitsForEnds,
                    !HasRoom || _first.Count > 0 || _retries.Count > 0 || _more || !_next.Known || _next.At <= _clock.GetUtcNow() + s_lookAgain
                );

                // An arrival, a wake, a change of the webhook or the tick ends the wait, and so does a finished attempt that failed or that may let
                // something else begin. A rate limit ends it by itself.
                if (delay > TimeSpan.Zero)
                {
                    await _mailbox.Signal.WaitAsync(delay, _clock);
                }
                else
                {
                    await _mailbox.Signal.WaitAsync();
                }
            }

            return false;
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Time until the earliest planned attempt; null when there is none.</summary>
    public TimeSpan? UntilNext()
    {
        if (!_next.Known)
        {
            DateTimeOffset? next = _store.NextDue(_webhookId);
            IsStuck = next is not null && next == _asked && next <= _clock.GetUtcNow();
            _asked = next;
            _next = (true, next);
        }

        return _next.At - _clock.GetUtcNow();
    }

    /// <summary>True when the earliest one is due and was already due the last time, so nobody takes it.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Makes the next <see cref="DrainAsync"/> read the database.</summary>
    public void LookAgain() => _more = true;

    /// <summary>Waits until what is in flight is recorded.</summary>
    public async Task FinishAsync()
    {
        await Task.WhenAll(_inFlight.Values);
        Collect();
    }

    public ValueTask DisposeAsync() => _tick.DisposeAsync();

    private bool HasRoom => _inFlight.Count < _throttle.Limit && _bytesInFlight < MaxBytesInFlight;

    private bool LookIsDue => _next.At <= _clock.GetUtcNow() || s_platform.GetElapsedTime(_lookedAt) >= s_lookAgain;

    private void Collect()
    {
        while (_finished.TryDequeue(out (DueDelivery Due, AttemptOutcome? Outcome) finished))
        {
            _inFlight.Remove(finished.Due.Id);
            _bytesInFlight -= finished.Due.Payload.Length;

            // A failed delivery has a new time or an unknown one; a successful one has none.
            if (finished.Outcome is not { Succeeded: true })
            {
                _next = default;
            }

            if (finished.Outcome is { } outcome)
            {
                _throttle.Finished(outcome.FailureClass, outcome.StatusCode);
            }
        }
    }

    // Fills only an empty queue, so that the pages bound the memory of a lane, however long its backlog is.
    private void Fill(int maxInFlight)
    {
        if (_first.Count > 0 || !HasRoom)
        {
            return;
        }

        // A wake is remembered even when arrivals come first: the signal for both may have been one.
        _more |= _mailbox.TakeWake();
        _mailbox.Take(_first);
        if (_first.Count > 0 || !(_more || LookIsDue))
        {
            return;
        }

        int page = Math.Clamp(maxInFlight * 4, MinPage, MaxPage);
        _lookedAt = s_platform.GetTimestamp();
        _next = default;
        bool moreFirst = Read(DeliveryStatus.Pending, _first, page);
        bool moreRetries = _first.Count == 0 && _retries.Count == 0 && Read(DeliveryStatus.Retrying, _retries, page);
        _mailbox.SetBehind(moreFirst);
        _more = moreFirst || moreRetries || _first.Count > 0;
    }

    // Deliveries in flight, claimed or not recorded yet are due in the database until their result is written.
    private bool Read(DeliveryStatus status, Queue<DueDelivery> queue, int page)
    {
        IReadOnlySet<Guid> unrecorded = _pending.Of(_webhookId);
        int known = _inFlight.Count + _mailbox.Claims + unrecorded.Count;
        (List<DueDelivery> due, bool more) = _store.ReadDue(
            _webhookId,
            status,
            _clock.GetUtcNow(),
            page,
            known,
            MaxPageBytes,
            id => _inFlight.ContainsKey(id) || _mailbox.IsClaimed(id) || unrecorded.Contains(id)
        );
        foreach (DueDelivery delivery in due)
        {
            queue.Enqueue(delivery);
        }

        return more;
    }

    private TimeSpan StartWhatMay(DeliveryTarget target)
    {
        while (HasRoom && (_first.Count > 0 || _retries.Count > 0) && _lease.IsHeld)
        {
            TimeSpan delay = _throttle.Delay();
            if (delay > TimeSpan.Zero)
            {
                return delay;
            }

            DueDelivery due = _first.Count > 0 ? _first.Dequeue() : _retries.Dequeue();
            if (due.Recovery is { } recovery && _stops.IsStopped(recovery.Id))
            {
                continue;
            }

            _throttle.Started();
            _bytesInFlight += due.Payload.Length;
            _inFlight.Add(due.Id, AttemptAsync(target, due));
        }

        return TimeSpan.Zero;
    }

    private async Task AttemptAsync(DeliveryTarget target, DueDelivery due)
    {
        AttemptOutcome? outcome = null;
        try
        {
            outcome = await _runner.RunAsync(target, due, _lease);
        }
        finally
        {
            _finished.Enqueue((due, outcome));
            if (Volatile.Read(ref _waitsForEnds) || outcome is not { Succeeded: true })
            {
                _mailbox.Signal.Set();
            }
        }
    }

    private async Task StopDeliveringAsync(DeliveryTarget? target)
    {
        await FinishAsync();
        _first.Clear();
        _retries.Clear();
        await (
            target is null
                ? _store.MoveAsync(_webhookId, DeliveryMove.Cancel, "The webhook was deleted.", _clock.GetUtcNow())
                : _store.MoveAsync(_webhookId, DeliveryMove.Hold, target.HeldReason, _clock.GetUtcNow())
        );
    }
}
