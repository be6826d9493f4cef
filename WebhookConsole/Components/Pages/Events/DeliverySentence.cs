using WebhookConsole.Components.Controls;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>What a person needs to hear first about a delivery: what happened, what comes next, what to do.</summary>
/// <param name="Link">Text of a link to the webhook when the remedy is there; null for none.</param>
public sealed record DeliverySentence(Tone Tone, string Title, IReadOnlyList<string> Sentences, IconName? Icon = null, string? Link = null)
{
    /// <param name="manages">False for people who may not change webhooks: they are told who can.</param>
    public static DeliverySentence Of(DeliveryDetail detail, BrowserTime time, bool manages = true)
    {
        Delivery delivery = detail.Delivery;
        return delivery.Status switch
        {
            DeliveryStatus.Pending => new(Tone.Info, PlanOf(detail, time) ?? "Waiting for its turn", ["It has not been sent yet."], IconName.Clock),
            DeliveryStatus.Retrying => new(Tone.Warn, PlanOf(detail, time) ?? "Waiting for its turn", FailureOf(detail), IconName.Retry),
            DeliveryStatus.Succeeded => new(Tone.Good, Delivered(detail), []),
            DeliveryStatus.Failed => new(Tone.Bad, delivery.Test ? "The test failed" : GivenUp(delivery), FailureOf(detail), IconName.XCircle),
            DeliveryStatus.Held => manages ? Held(detail) : HeldForOthers(detail),
            DeliveryStatus.Cancelled => new(
                Tone.Neutral,
                "Cancelled",
                [
                    delivery.StatusReason ?? "Its webhook was deleted, or somebody discarded it.",
                    // A request that a crash kept from being recorded may have been sent all the same.
                    delivery.AttemptCount == 0
                        ? "No attempt is recorded, and it will not be sent automatically."
                        : "It will not be sent again automatically.",
                ],
                IconName.Slash
            ),
            _ => throw new InvalidOperationException($"No sentence for {delivery.Status}."),
        };
    }

    /// <summary>The attempt that explains why the delivery failed; null when there is none.</summary>
    public static DeliveryAttempt? FailedAttempt(DeliveryDetail detail) =>
        detail.Delivery.FailureClass is { } failure ? detail.Attempts.LastOrDefault(a => a.FailureClass == failure) : null;

    // "Next attempt 14:05 (4 of 6)"; null when none is planned.
    private static string? PlanOf(DeliveryDetail detail, BrowserTime time)
    {
        if (detail.Delivery.NextAttemptAt is not { } due)
        {
            return null;
        }

        // The schedule may have been shortened since; the planned attempt is still made.
        int number = detail.Delivery.ScheduledAttempts + 1;
        int of = Math.Max(number, detail.Webhook.RetrySchedule.MaxAttempts);
        string when = due <= time.Now ? "is due now" : time.Clock(due);
        return $"{(number == 1 ? "First attempt" : "Next attempt")} {when} ({number} of {of})";
    }

    private static string Delivered(DeliveryDetail detail)
    {
        DeliveryAttempt? success = detail.Attempts.FirstOrDefault(a => a.FailureClass is null);
        return success is null
            ? "Delivered"
            : $"Delivered with {success.StatusCode} in {Formats.Milliseconds(success.DurationMs)}{(success.Number > 1 ? $", on attempt {success.Number}" : "")}";
    }

    private static string GivenUp(Delivery delivery) =>
        delivery.ScheduledAttempts > 1 ? $"Given up after {delivery.ScheduledAttempts} automatic attempts" : "The attempt failed, and no retry is planned";

    private static DeliverySentence Held(DeliveryDetail detail)
    {
        string reason = detail.Delivery.StatusReason ?? "The webhook was not active when this was due.";
        (string remedy, string? link) = detail.Webhook.State switch
        {
            WebhookState.Active => ("The webhook is active again: open it to send or discard what was held.", "Send or discard"),
            WebhookState.Unverified => ("Check the endpoint again; once it answers with 2xx, this delivery is sent.", "Check the endpoint"),
            WebhookState.Disabled or WebhookState.Error => ("Turn the webhook on, then choose whether to send or discard what was held.", "Open the webhook"),
            WebhookState.Deleted => ("The webhook was deleted.", (string?)null),
            _ => throw new InvalidOperationException($"No remedy for {detail.Webhook.State}."),
        };
        return new(Tone.Held, "Held", [reason, remedy], IconName.Pause, link);
    }

    private static DeliverySentence HeldForOthers(DeliveryDetail detail)
    {
        string who = AccessPolicy.WhoMay(Permission.ManageWebhooks);
        return Held(detail) with
        {
            Sentences =
            [
                detail.Delivery.StatusReason ?? "The webhook was not active when this was due.",
                detail.Webhook.State == WebhookState.Deleted ? "The webhook was deleted." : $"Nothing is lost. Ask {who} to decide what happens to it.",
            ],
            Link = detail.Webhook.State == WebhookState.Deleted ? null : "See the webhook",
        };
    }

    private static string[] FailureOf(DeliveryDetail detail)
    {
        if (detail.Delivery.FailureClass is not { } failure)
        {
            return [];
        }

        // The attempt knows the kind within the class (which TLS fault, which phase of a time-out).
        DeliveryAttempt? last = FailedAttempt(detail);
        FailureText text = (last is null ? null : FailureTexts.Of(last)) ?? FailureTexts.For(failure, detail.Delivery.LastStatusCode);
        return [text.Diagnosis, text.Remedy];
    }
}
