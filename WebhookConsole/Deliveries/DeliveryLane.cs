using System.Collections.Concurrent;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries;

/// <summary>
/// Runs the queue of one webhook: reads due deliveries in pages, keeps up to its limit of attempts going, first attempts before
/// retries, until nothing is due; then plans itself for the earliest retry. The scheduler sees to it that a webhook has one lane.
/// </summary>
public sealed class DeliveryLane(
    DeliveryStore store,
    WebhookDirectory directory,
    AttemptRunner runner,
    LaneWaker waker,
    ILaneScheduler scheduler,
    TimeProvider clock,
    IHostApplicationLifetime lifetime
)
{
    // A lane that has nothing to do stays a moment: waking it then is a pulse instead of a scheduler round trip.
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(5);

    // Something may come due between the last read and the question when; never ask without a pause.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(30);

    /// <summary>Returns when nothing is due, the webhook no longer delivers, or the application stops and all attempts are recorded.</summary>
    public async Task RunAsync(Guid webhookId)
    {
        Pulse pulse = waker.Enter(webhookId);
        LaneRun run = new(webhookId, store, directory, runner, pulse, clock, lifetime.ApplicationStopping);
        await using CancellationTokenRegistration registration = lifetime.ApplicationStopping.Register(pulse.Set);
        try
        {
            while (await run.DrainAsync())
            {
                TimeSpan wait = run.UntilNext() is { } next && next < s_linger ? next : s_linger;
                bool woken = await pulse.WaitAsync(wait < s_shortest ? s_shortest : wait, clock);
                if (!woken && wait == s_linger)
                {
                    break;
                }
            }
        }
        finally
        {
            await run.FinishAsync();
            waker.Leave(webhookId);
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        // Work that arrived between the last look and leaving pulsed nobody; this look finds it.
        if (store.NextDue(webhookId) is { } due)
        {
            // What may not go out, and cannot be held either (a secret that cannot be read), must not be looked at in a circle.
            bool delivers = await directory.FindAsync(webhookId) is { HeldReason: null };
            await scheduler.RunAtAsync(webhookId, delivers ? due : clock.GetUtcNow() + s_lookAgain);
        }
    }
}

/// <summary>The state of one running lane.</summary>
internal sealed class LaneRun(
    Guid webhookId,
    DeliveryStore store,
    WebhookDirectory directory,
    AttemptRunner runner,
    Pulse pulse,
    TimeProvider clock,
    CancellationToken stopping
)
{
    private static readonly TimeSpan s_besideSlow = TimeSpan.FromSeconds(1);
    private const int MinPage = 32;
    private const int MaxPage = 256;

    // Requests under way hold their payloads until the receiver answers: twenty webhooks that hang, a hundred requests each with the
    // largest payload, would be 500 MB. This is the default limit in flight times the largest payload.
    private const int MaxBytesInFlight = Webhook.DefaultMaxInFlight * EventIntake.MaxPayload;

    private readonly LanePace _pace = new(clock);
    private readonly Queue<DueDelivery> _first = new();
    private readonly Queue<DueDelivery> _retries = new();
    private readonly Dictionary<Guid, Task> _inFlight = [];
    private readonly ConcurrentQueue<(DueDelivery Due, AttemptOutcome? Outcome)> _finished = new();
    private int _bytesInFlight;

    /// <summary>Attempts what is due until nothing is.</summary>
    /// <returns>False when the lane is over: the webhook delivers no more, or the application stops.</returns>
    public async Task<bool> DrainAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            DeliveryTarget? target = await directory.FindAsync(webhookId);
            if (target is null or { HeldReason: not null })
            {
                await StopDeliveringAsync(target);
                return false;
            }

            _pace.Configure(target.MaxInFlight, target.RateLimitPerSecond);
            Collect();
            bool read = Fill(target.MaxInFlight);
            TimeSpan delay = StartWhatMay(target);
            if (_inFlight.Count == 0 && _first.Count == 0 && _retries.Count == 0)
            {
                if (read)
                {
                    continue;
                }

                return true;
            }

            // A finished attempt, a wake or a change of the webhook goes on; a rate limit goes on by itself.
            if (delay > TimeSpan.Zero)
            {
                await pulse.WaitAsync(delay, clock);
            }
            else if (_inFlight.Count < _pace.Limit)
            {
                // With a free slot a retry may come due beside a slow attempt, which must not delay it. The platform's timer, as for
                // the attempt: both are about real sockets.
                await pulse.WaitAsync(s_besideSlow, TimeProvider.System);
            }
            else
            {
                await pulse.WaitAsync();
            }
        }

        return false;
    }

    /// <summary>Time until the earliest planned attempt; null when there is none.</summary>
    public TimeSpan? UntilNext() => store.NextDue(webhookId) - clock.GetUtcNow();

    /// <summary>Waits until what is in flight is recorded.</summary>
    public async Task FinishAsync()
    {
        await Task.WhenAll(_inFlight.Values);
        Collect();
    }

    private void Collect()
    {
        while (_finished.TryDequeue(out (DueDelivery Due, AttemptOutcome? Outcome) finished))
        {
            _inFlight.Remove(finished.Due.Id);
            _bytesInFlight -= finished.Due.Payload.Length;
            if (finished.Outcome is { } outcome)
            {
                _pace.Finished(outcome.FailureClass, outcome.StatusCode);
            }
        }
    }

    // Reads only what is empty, so that the pages bound the memory of a lane however long its backlog is.
    private bool Fill(int maxInFlight)
    {
        int page = Math.Clamp(maxInFlight * 4, MinPage, MaxPage);
        return (_first.Count == 0 && Read(DeliveryStatus.Pending, _first, page))
            | (_first.Count == 0 && _retries.Count == 0 && Read(DeliveryStatus.Retrying, _retries, page));
    }

    private bool Read(DeliveryStatus status, Queue<DueDelivery> queue, int page)
    {
        // Those in flight are due in the database until their result is written.
        foreach (DueDelivery due in store.ReadDue(webhookId, status, clock.GetUtcNow(), page + _inFlight.Count, _inFlight.ContainsKey))
        {
            queue.Enqueue(due);
        }

        return queue.Count > 0;
    }

    private TimeSpan StartWhatMay(DeliveryTarget target)
    {
        while (_inFlight.Count < _pace.Limit && _bytesInFlight < MaxBytesInFlight && (_first.Count > 0 || _retries.Count > 0))
        {
            TimeSpan delay = _pace.Delay();
            if (delay > TimeSpan.Zero)
            {
                return delay;
            }

            DueDelivery due = _first.Count > 0 ? _first.Dequeue() : _retries.Dequeue();
            _pace.Started();
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
            outcome = await runner.RunAsync(target, due);
        }
        finally
        {
            _finished.Enqueue((due, outcome));
            pulse.Set();
        }
    }

    private async Task StopDeliveringAsync(DeliveryTarget? target)
    {
        await FinishAsync();
        _first.Clear();
        _retries.Clear();
        await (
            target is null
                ? store.MoveAsync(webhookId, DeliveryMove.Cancel, "The webhook was deleted.", clock.GetUtcNow())
                : store.MoveAsync(webhookId, DeliveryMove.Hold, target.HeldReason, clock.GetUtcNow())
        );
    }
}
