using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Results of attempts that wait for the database in the background: those of people, while it is unavailable, and those of lanes,
/// when it refuses the row. They are in memory: when the application stops, each is tried once more and then lost; an automatic attempt is
/// made again after the next start.
/// </summary>
public sealed class PendingResults(
    DeliveryStore store,
    EngineMetrics metrics,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<PendingResults> log
)
{
    // Each may be skipped in every page of due deliveries, and holds its test event. Beyond this limit, more is wrong than single
    // rows, and attempts keep their slots.
    private const int Max = 100;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly HashSet<Guid> s_none = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, AttemptResult> _results = [];
    private volatile int _count;

    /// <summary>Number of results that wait to be written.</summary>
    public int Count => _count;

    /// <summary>
    /// A copy of the ids of a webhook's deliveries that must not be attempted yet. Take it before due deliveries are read: one that
    /// is recorded in between is then left out, not sent twice.
    /// </summary>
    public IReadOnlySet<Guid> Of(Guid webhookId)
    {
        if (_count == 0)
        {
            return s_none;
        }

        // A replay that failed leaves the plan of its delivery as it is.
        lock (_gate)
        {
            return _results
                .Values.Where(r => r.WebhookId == webhookId && (r.Attempt.Trigger.IsOfLane() || r.Attempt.FailureClass is null))
                .Select(r => r.Attempt.DeliveryId)
                .ToHashSet();
        }
    }

    /// <summary>Keeps trying to write <paramref name="result"/>; <paramref name="written"/> is called when it is.</summary>
    /// <returns>False when there are too many already; the caller has to go on, and keep its slot.</returns>
    public bool TryAdd(AttemptResult result, Func<AttemptResult, RecordedAttempt, Task> written)
    {
        lock (_gate)
        {
            if (_count >= Max)
            {
                return false;
            }

            _results.Add(result.Attempt.Id, result);
            Counted();
        }

        _ = TryOnAsync(result, written);
        return true;
    }

    private async Task TryOnAsync(AttemptResult result, Func<AttemptResult, RecordedAttempt, Task> written)
    {
        Guid delivery = result.Attempt.DeliveryId;
        TimeSpan pause = s_shortest;
        RecordedAttempt recorded;
        while (true)
        {
            bool last = await PauseAsync(pause);
            try
            {
                recorded = await store.RecordAsync(result);
                break;
            }
            // Whatever is wrong with this row, it is tried again.
            catch (Exception exception)
            {
                if (last)
                {
                    log.LogError(exception, "The result of an attempt of delivery {DeliveryId} could not be written before the stop", delivery);
                    return;
                }

                if (exception is not StoreUnavailableException && !result.IsBare)
                {
                    result = result.Bare();
                }

                pause = pause * 2 < s_longest ? pause * 2 : s_longest;
                log.LogError(
                    exception,
                    "The result of an attempt of delivery {DeliveryId} cannot be written; next try in {Seconds} s, {Count} waiting",
                    delivery,
                    pause.TotalSeconds,
                    _count
                );
            }
        }

        Remove(result.Attempt.Id);
        log.LogWarning("The result of an attempt of delivery {DeliveryId} has been written at last", delivery);
        await written(result, recorded);
    }

    // True when the application stops: the next try is the last.
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, clock, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lifetime.ApplicationStopping.IsCancellationRequested;
    }

    private void Remove(Guid attemptId)
    {
        lock (_gate)
        {
            _results.Remove(attemptId);
            Counted();
        }
    }

    private void Counted()
    {
        _count = _results.Count;
        metrics.SawUnrecorded(_count);
    }
}
