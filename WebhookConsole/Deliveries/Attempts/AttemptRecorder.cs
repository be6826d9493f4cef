using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Telemetry;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Records the result of every attempt and tells observers. The receiver has seen the request: its answer is not given up while
/// the process lives, however long the database stays away.
/// </summary>
public sealed class AttemptRecorder(
    DeliveryStore store,
    WebhookDirectory directory,
    ChangeFeed feed,
    PendingResults pending,
    EngineMetrics metrics,
    TimeProvider clock,
    ILogger<AttemptRecorder> log
)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// An automatic attempt waits as long as the database is unavailable: its delivery must not be sent again, and its lane has nothing better
    /// to do. A person cannot wait that long, so <see cref="PendingResults"/> takes over. It also takes over a result that the database
    /// refuses for its own content, first unchanged and then without what the receiver sent.
    /// </summary>
    /// <returns>Null when it is not recorded yet.</returns>
    public async Task<RecordedAttempt?> RecordAsync(AttemptResult result)
    {
        bool automatic = result.Attempt.Trigger.IsOfLane();
        RecordedAttempt recorded;
        while (true)
        {
            try
            {
                recorded = await store.RecordAsync(result, continueOnWriter: automatic);
                break;
            }
            catch (StoreUnavailableException exception)
            {
                log.LogError(exception, "The result of an attempt of delivery {DeliveryId} cannot be written yet", result.Attempt.DeliveryId);
                if (!automatic && HandOver(result))
                {
                    return null;
                }
            }
#pragma warning disable CA1031 // Whatever is wrong with this one row, keep the count and drop the content.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (result.IsBare && HandOver(result))
                {
                    log.LogError(
                        exception,
                        "The result of an attempt of delivery {DeliveryId} cannot be written; the lane continues",
                        result.Attempt.DeliveryId
                    );
                    return null;
                }

                log.LogError(exception, "The attempt of delivery {DeliveryId} is recorded without its response", result.Attempt.DeliveryId);
                result = result.Bare();
            }

            // The failed write may have been committed after all; its row must not block the next one forever.
            result = result with
            {
                Again = true,
            };
            await Task.Delay(s_retry, clock);
        }

        await TellAsync(result, recorded);
        return recorded;
    }

    private bool HandOver(AttemptResult result) => pending.TryAdd(result with { Again = true }, TellAsync);

    private async Task TellAsync(AttemptResult result, RecordedAttempt recorded)
    {
        if (recorded.GaveUp)
        {
            metrics.DeliveryFailed();
        }

        if (recorded.AutoDisabled is { } reason)
        {
            // The writer's thread should not spend its time on notifications.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            log.LogWarning("Webhook {WebhookId} disabled: {Reason}", result.WebhookId, reason);
            metrics.WebhookChangedTo("error");
            directory.Invalidate(result.ProjectId, result.WebhookId);
        }

        if (recorded.Told.Count > 0)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            foreach (Guid webhookId in recorded.Told.Distinct())
            {
                directory.Wake(webhookId);
            }
        }

        feed.Publish(new ChangeNotice(result.ProjectId, ChangeKind.Deliveries, result.WebhookId));
    }
}
