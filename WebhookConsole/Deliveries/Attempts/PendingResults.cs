using WebhookConsole.Data.Store;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Results of attempts that the database refuses for themselves while it takes others. They gave their slot of the lane back; here they
/// are tried on, and until one is on disk its delivery must not be attempted again. In memory: what is left when the application stops
/// is sent once more after the next start.
/// </summary>
public sealed class PendingResults(DeliveryStore store, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<PendingResults> log)
{
    // Each is skipped in every page of due deliveries. Beyond this something is wrong with more than single rows, and attempts keep
    // their slots.
    private const int Max = 100;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly HashSet<Guid> s_none = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Guid> _webhooks = [];
    private volatile int _count;

    /// <summary>How many results wait to be written.</summary>
    public int Count => _count;

    /// <summary>
    /// Ids of the deliveries of a webhook, a copy. To be taken before due deliveries are read: one that is recorded between the two is
    /// then left out, not sent twice.
    /// </summary>
    public IReadOnlySet<Guid> Of(Guid webhookId)
    {
        if (_count == 0)
        {
            return s_none;
        }

        lock (_gate)
        {
            return _webhooks.Where(w => w.Value == webhookId).Select(w => w.Key).ToHashSet();
        }
    }

    /// <summary>Goes on trying to write <paramref name="result"/>; <paramref name="written"/> is called when it is.</summary>
    /// <returns>False when there are too many already; the caller has to go on, and keep its slot.</returns>
    public bool TryAdd(AttemptResult result, Func<RecordedAttempt, Task> written)
    {
        lock (_gate)
        {
            if (_count >= Max || !_webhooks.TryAdd(result.Attempt.DeliveryId, result.WebhookId))
            {
                return false;
            }

            _count = _webhooks.Count;
        }

        _ = TryOnAsync(result, written);
        return true;
    }

    private async Task TryOnAsync(AttemptResult result, Func<RecordedAttempt, Task> written)
    {
        Guid delivery = result.Attempt.DeliveryId;
        TimeSpan pause = s_shortest;
        while (true)
        {
            try
            {
                await Task.Delay(pause, clock, lifetime.ApplicationStopping);
                RecordedAttempt recorded = await store.RecordAsync(result);
                Remove(delivery);
                log.LogWarning("The result of an attempt of delivery {DeliveryId} is written at last", delivery);
                await written(recorded);
                return;
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                log.LogError("The result of an attempt of delivery {DeliveryId} could not be written before the stop: it will be sent again", delivery);
                return;
            }
            // Whatever is wrong with this row, it is tried on.
            catch (Exception exception)
            {
                pause = pause * 2 < s_longest ? pause * 2 : s_longest;
                log.LogError(
                    exception,
                    "The result of an attempt of delivery {DeliveryId} cannot be written, next try in {Seconds} s; {Count} wait",
                    delivery,
                    pause.TotalSeconds,
                    _count
                );
            }
        }
    }

    private void Remove(Guid deliveryId)
    {
        lock (_gate)
        {
            _webhooks.Remove(deliveryId);
            _count = _webhooks.Count;
        }
    }
}
