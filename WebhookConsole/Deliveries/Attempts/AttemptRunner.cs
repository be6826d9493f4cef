using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebhookConsole.Cluster;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>Where random numbers come from; tests give their own. Uniform in [0, 1).</summary>
public delegate double RandomSource();

/// <summary>An attempt that somebody asked for.</summary>
/// <param name="Recorded">False while the database is unavailable: the request was sent, this is the answer, and recording continues.</param>
public sealed record AskedAttempt(DeliveryAttempt Attempt, bool Recorded);

/// <summary>One attempt from request to committed result, whatever caused it: sign, send, log, record, tell.</summary>
public sealed class AttemptRunner(
    WebhookSender sender,
    AttemptRecorder recorder,
    RandomSource random,
    EngineMetrics metrics,
    IOptions<DeliveryOptions> delivery,
    IOptions<AutoDisableOptions> autoDisable,
    ILogger<AttemptRunner> log
)
{
    private readonly AutoDisableRule _rule = new(
        autoDisable.Value.ConsecutiveServerErrors,
        autoDisable.Value.FailingForHours == 0 ? null : TimeSpan.FromHours(autoDisable.Value.FailingForHours)
    );

    /// <summary>
    /// Makes an automatic attempt, or one that a recovery has planned. It ends when the result is on disk and holds its slot in the lane until
    /// then, so that a crash repeats at most what was in flight. Only a result that the database refuses for its own content gives its slot
    /// back, see <see cref="PendingResults"/>.
    /// </summary>
    /// <returns>Null when the lease ended before the answer came: what became of the request is unknown, and the next node sends it again.</returns>
    public async Task<AttemptOutcome?> RunAsync(DeliveryTarget target, DueDelivery due, NodeLease lease)
    {
        int number = due.ScheduledAttempts + 1;
        AttemptTrigger trigger = due.Recovery is null ? AttemptTrigger.Automatic : AttemptTrigger.Recover;
        AttemptOutcome outcome = await SendAsync(target, due, trigger, number, lease);
        if (outcome.IsAbandoned)
        {
            AttemptLog.Abandoned(log, due.Id, target.Id);
            return null;
        }

        DateTimeOffset? next =
            outcome.Succeeded || due.Recovery is { WasFailed: true }
                ? null
                : RetryPlanner.Next(target.RetrySchedule, number, outcome.CompletedAt, outcome.RetryAfter, delivery.Value.RetryJitter, random());
        AttemptLog.Attempted(log, due.Id, target.Id, trigger, number, outcome, next);
        Count(due, trigger, number, outcome, next);
        DeliveryAttempt attempt = outcome.ToAttempt(due.Id, trigger);
        await recorder.RecordAsync(
            new AttemptResult(attempt, target.ProjectId, target.Id, due.ScheduledAttempts, outcome.CompletedAt, next, _rule)
            {
                Recovery = due.Recovery,
                Facts = new AttemptFacts(due.EventId, due.EventType, WordOf(outcome), outcome.CertificateExpiresAt),
            }
        );
        return outcome;
    }

    /// <summary>An attempt that somebody asked for: it changes no plan and does not count for auto-disable.</summary>
    /// <param name="asked">What to send.</param>
    /// <param name="number">The number of the attempt within its delivery, as far as is known.</param>
    /// <param name="complete">Adds what must be written with the attempt.</param>
    public async Task<AskedAttempt> RunAsync(
        DeliveryTarget target,
        DueDelivery asked,
        AttemptTrigger trigger,
        int number,
        Func<AttemptResult, AttemptResult> complete
    )
    {
        // What a person asks for belongs to no lane, so any node may send it at any time.
        AttemptOutcome outcome = await SendAsync(target, asked, trigger, number, NodeLease.Endless);
        AttemptLog.Attempted(log, asked.Id, target.Id, trigger, number, outcome, next: null);
        DeliveryAttempt attempt = outcome.ToAttempt(asked.Id, trigger);
        RecordedAttempt? recorded = await recorder.RecordAsync(
            complete(new AttemptResult(attempt, target.ProjectId, target.Id, asked.ScheduledAttempts, outcome.CompletedAt, null, null))
        );
        attempt.Number = recorded?.Number ?? number;
        return new AskedAttempt(attempt, recorded is not null);
    }

    private async Task<AttemptOutcome> SendAsync(DeliveryTarget target, DueDelivery due, AttemptTrigger trigger, int number, NodeLease lease)
    {
        using Activity? span = EngineTraces.StartAttempt(due.PostedBy, ofRequest: !trigger.IsOfLane(), trigger.Word(), target.Url);
        metrics.AttemptStarted();
        try
        {
            AttemptOutcome outcome = await sender.SendAsync(target, due.EventId, due.EventType, due.Payload, lease);
            if (outcome.IsAbandoned)
            {
                return outcome;
            }

            string? failure = WordOf(outcome);
            metrics.Attempted(trigger.Word(), failure, outcome.CompletedAt - outcome.StartedAt);
            span?.SetTag("webhookconsole.project.id", target.ProjectId)
                .SetTag("webhookconsole.webhook.id", target.Id)
                .SetTag("webhookconsole.event.id", due.EventId)
                .SetTag("webhookconsole.event.type", due.EventType)
                .SetTag("webhookconsole.delivery.id", due.Id)
                .SetTag("webhookconsole.request.id", outcome.RequestId);
            EngineTraces.EndAttempt(span, outcome.StatusCode, failure, number);
            return outcome;
        }
        finally
        {
            metrics.AttemptEnded();
        }
    }

    private static string? WordOf(AttemptOutcome outcome) => outcome.FailureClass is { } failure ? FailureTexts.NameOf(failure) : null;

    private void Count(DueDelivery due, AttemptTrigger trigger, int number, AttemptOutcome outcome, DateTimeOffset? next)
    {
        if (number == 1 && trigger == AttemptTrigger.Automatic)
        {
            metrics.FirstAttempt(outcome.StartedAt - Ids.TimeOf(due.Id));
        }

        if (next is not null)
        {
            metrics.RetryPlanned();
        }
    }
}

/// <summary>One structured line per attempt.</summary>
internal static partial class AttemptLog
{
    public static void Attempted(ILogger log, Guid deliveryId, Guid webhookId, AttemptTrigger trigger, int number, AttemptOutcome outcome, DateTimeOffset? next)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            Attempted(
                log,
                deliveryId,
                webhookId,
                trigger.Word(),
                number,
                outcome.RequestId,
                outcome.StatusCode,
                outcome.FailureClass is { } failure ? FailureTexts.NameOf(failure) : "success",
                (outcome.CompletedAt - outcome.StartedAt).TotalMilliseconds,
                next
            );
        }
    }

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Delivery {DeliveryId} of webhook {WebhookId}: the attempt was given up because this node lost its right to send; the delivery will be sent again"
    )]
    public static partial void Abandoned(ILogger log, Guid deliveryId, Guid webhookId);

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Delivery {DeliveryId} of webhook {WebhookId}: {Trigger} attempt {Number} (request {RequestId}): {Outcome} {StatusCode} in {DurationMs:0} ms, next {NextAttemptAt}",
        SkipEnabledCheck = true
    )]
    private static partial void Attempted(
        ILogger log,
        Guid deliveryId,
        Guid webhookId,
        string trigger,
        int number,
        Guid requestId,
        int? statusCode,
        string outcome,
        double durationMs,
        DateTimeOffset? nextAttemptAt
    );
}
