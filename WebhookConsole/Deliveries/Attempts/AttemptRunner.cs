using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>Where random numbers come from; tests give their own. Uniform in [0, 1).</summary>
public delegate double RandomSource();

/// <summary>
/// One automatic attempt from request to committed result. The slot of the lane stays taken until the result is on disk, so that a
/// crash repeats at most what was in flight. Only a result that the database refuses for itself gives its slot back, see
/// <see cref="PendingResults"/>.
/// </summary>
public sealed class AttemptRunner(
    DeliveryStore store,
    WebhookDirectory directory,
    WebhookSender sender,
    ChangeFeed feed,
    TimeProvider clock,
    RandomSource random,
    PendingResults unrecorded,
    IOptions<DeliveryOptions> delivery,
    IOptions<AutoDisableOptions> autoDisable,
    ILogger<AttemptRunner> log
)
{
    private static readonly TimeSpan s_recordRetry = TimeSpan.FromMilliseconds(500);

    private readonly AutoDisableRule _rule = new(
        autoDisable.Value.ConsecutiveServerErrors,
        autoDisable.Value.FailingForHours == 0 ? null : TimeSpan.FromHours(autoDisable.Value.FailingForHours)
    );

    public async Task<AttemptOutcome> RunAsync(DeliveryTarget target, DueDelivery due)
    {
        AttemptOutcome outcome = await sender.SendAsync(target, due.EventId, due.EventType, due.Payload, CancellationToken.None);
        DateTimeOffset? next = outcome.Succeeded
            ? null
            : RetryPlanner.Next(target.RetrySchedule, due.ScheduledAttempts + 1, outcome.CompletedAt, outcome.RetryAfter, delivery.Value.RetryJitter, random());
        AttemptLog.Attempted(log, due.Id, target.Id, due.ScheduledAttempts + 1, outcome, next);
        AttemptResult result = new(
            outcome.ToAttempt(due.Id, AttemptTrigger.Automatic),
            target.ProjectId,
            target.Id,
            due.ScheduledAttempts,
            outcome.CompletedAt,
            next,
            _rule
        );
        if (await RecordAsync(target, result) is { } recorded)
        {
            await TellAsync(target, recorded);
        }

        return outcome;
    }

    private async Task TellAsync(DeliveryTarget target, RecordedAttempt recorded)
    {
        if (recorded.AutoDisabled is { } reason)
        {
            // Telling everybody is more than the writer's thread should do.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            log.LogWarning("Webhook {WebhookId} disabled: {Reason}", target.Id, reason);
            directory.Invalidate(target.ProjectId, target.Id);
        }

        feed.Publish(new ChangeNotice(target.ProjectId, ChangeKind.Deliveries, target.Id));
    }

    // The receiver has seen the request: until that is written the delivery must not be attempted again, however long the
    // database stays away. A row that cannot be written as it is goes in without what the receiver sent. One that cannot be written
    // even so is tried on beside the lane, which goes on with others: null then.
    private async Task<RecordedAttempt?> RecordAsync(DeliveryTarget target, AttemptResult result)
    {
        bool bare = false;
        while (true)
        {
            try
            {
                return await store.RecordAsync(result, continueOnWriter: true);
            }
            catch (StoreUnavailableException exception)
            {
                log.LogError(exception, "The result of an attempt of delivery {DeliveryId} cannot be written yet", result.Attempt.DeliveryId);
            }
            // Any fault of this one row: keep the count, drop the content.
            catch (Exception exception)
            {
                if (bare && unrecorded.TryAdd(result, recorded => TellAsync(target, recorded)))
                {
                    log.LogError(exception, "The result of an attempt of delivery {DeliveryId} cannot be written; the lane goes on", result.Attempt.DeliveryId);
                    return null;
                }

                log.LogError(exception, "The attempt of delivery {DeliveryId} is recorded without its response", result.Attempt.DeliveryId);
                result = result with { Attempt = Bare(result.Attempt) };
                bare = true;
            }

            // The failed try may have been committed all the same; its row must not be in the way of ever finishing.
            result = result with
            {
                Again = true,
            };
            await Task.Delay(s_recordRetry, clock);
        }
    }

    private static DeliveryAttempt Bare(DeliveryAttempt a) =>
        new()
        {
            Id = a.Id,
            DeliveryId = a.DeliveryId,
            Trigger = a.Trigger,
            StartedAt = a.StartedAt,
            DurationMs = a.DurationMs,
            Url = a.Url,
            StatusCode = a.StatusCode,
            FailureClass = a.FailureClass,
            ErrorDetail = a.FailureClass is { } failure
                ? FailureKinds.Say(FailureKinds.Of(failure, a.StatusCode, a.ErrorDetail).Word, "The response could not be stored.").Detail
                : "The response could not be stored.",
            RequestHeaders = "",
            SignedWith = a.SignedWith,
        };
}

/// <summary>One structured line per attempt.</summary>
internal static partial class AttemptLog
{
    public static void Attempted(ILogger log, Guid deliveryId, Guid webhookId, int number, AttemptOutcome outcome, DateTimeOffset? next)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            Attempted(
                log,
                deliveryId,
                webhookId,
                number,
                outcome.RequestId,
                outcome.StatusCode,
                outcome.FailureClass?.ToString() ?? "success",
                (outcome.CompletedAt - outcome.StartedAt).TotalMilliseconds,
                next
            );
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Delivery {DeliveryId} of webhook {WebhookId}: attempt {Number} (request {RequestId}) answered {StatusCode} ({Outcome}) in {DurationMs:0} ms, next {NextAttemptAt}",
        SkipEnabledCheck = true
    )]
    private static partial void Attempted(
        ILogger log,
        Guid deliveryId,
        Guid webhookId,
        int number,
        Guid requestId,
        int? statusCode,
        string outcome,
        double durationMs,
        DateTimeOffset? nextAttemptAt
    );
}
