using WebhookConsole.Components.Controls;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>Something that needs a person's attention.</summary>
/// <param name="Rank">0 comes first.</param>
/// <param name="Word">What it is, in a word or two.</param>
/// <param name="Title">The webhook's name.</param>
/// <param name="Text">What happened.</param>
/// <param name="Since">When it began; null when unknown.</param>
/// <param name="Action">Text of the link that leads to the remedy.</param>
public sealed record AttentionItem(
    Guid WebhookId,
    int Rank,
    Tone Tone,
    IconName Icon,
    string Word,
    string Title,
    string Text,
    DateTimeOffset? Since,
    string Action,
    AttentionTarget Target
)
{
    /// <summary>What somebody with permission can do about it; null when the action already says so.</summary>
    public string? Remedy { get; init; }
}

/// <summary>Where the remedy is.</summary>
public enum AttentionTarget
{
    Webhook = 0,
    Failures = 1,
    Held = 2,
    Backlog = 3,
}

/// <summary>Finds what needs attention among the webhooks of a project: one item each, the worst first. It is a pure function.</summary>
public static class Attention
{
    /// <summary>Fewer waiting deliveries than this are an ordinary burst.</summary>
    public const int Backlog = 1000;

    public static IReadOnlyList<AttentionItem> Of(IEnumerable<Webhook> webhooks, IReadOnlyDictionary<Guid, WebhookActivity> activity) =>
        [
            .. webhooks
                .Select(w => Of(w, activity.GetValueOrDefault(w.Id)))
                .OfType<AttentionItem>()
                .OrderBy(i => i.Rank)
                .ThenBy(i => i.Title, StringComparer.Ordinal),
        ];

    private static AttentionItem? Of(Webhook webhook, WebhookActivity? activity)
    {
        int held = activity?.Held ?? 0;
        string alsoHeld = held == 0 ? "" : $" {Deliveries(held)} {(held == 1 ? "is" : "are")} held.";
        AttentionItem Item(int rank, Tone tone, IconName icon, string word, string text, DateTimeOffset? since, string action, AttentionTarget target) =>
            new(webhook.Id, rank, tone, icon, word, webhook.Name, text, since, action, target);

        return webhook.State switch
        {
            WebhookState.Error => Item(
                0,
                Tone.Bad,
                IconName.Warning,
                "[ERR]",
                $"{webhook.StateReason ?? "It was disabled after failures."}{alsoHeld}",
                webhook.AutoDisabledAt,
                "Fix and turn on",
                AttentionTarget.Webhook
            ) with
            {
                Remedy = "Repair the receiver first. Recover then turns the webhook on and sends what failed and what is held.",
            },
            WebhookState.Unverified => Item(
                1,
                Tone.Warn,
                IconName.Shield,
                "Unverified",
                $"{webhook.StateReason ?? "Its endpoint has not answered a test event with 2xx."}{alsoHeld}",
                null,
                "Check again",
                AttentionTarget.Webhook
            ),
            WebhookState.Active when activity?.Health is { FailingSince: { } since, LastFailureClass: { } failure } health => Item(
                2,
                Tone.Bad,
                IconName.XCircle,
                "Failing",
                $"{FailureTexts.For(failure, health.LastStatusCode).Diagnosis}{alsoHeld}",
                since,
                "See the failures",
                AttentionTarget.Failures
            ),
            WebhookState.Active when held > 0 => Item(
                3,
                Tone.Held,
                IconName.Pause,
                "Held",
                $"The webhook is active again. {Deliveries(held)} from before {(held == 1 ? "is" : "are")} still held.",
                null,
                "Decide",
                AttentionTarget.Webhook
            ) with
            {
                Remedy = $"Decide whether to send or discard {(held == 1 ? "it" : "them")}.",
            },
            WebhookState.Disabled when held > 0 => Item(
                4,
                Tone.Held,
                IconName.Pause,
                "Held",
                $"The webhook is disabled.{alsoHeld}",
                null,
                "See what is held",
                AttentionTarget.Held
            ),
            WebhookState.Active when activity is not null && IsBacklog(activity) => Item(
                5,
                Tone.Warn,
                IconName.Clock,
                "Backlog",
                $"{Deliveries(activity.Waiting)} are waiting: events arrive faster than the endpoint accepts them. {Trend(activity)}",
                null,
                "See what is waiting",
                AttentionTarget.Backlog
            ),
            _ => null,
        };
    }

    // A queue that doubles within an hour is worth a look long before it is large.
    private static bool IsBacklog(WebhookActivity activity) =>
        activity.Waiting >= Backlog || (activity.WaitedBefore >= Backlog / 10 && activity.Waiting >= 2 * activity.WaitedBefore);

    private static string Trend(WebhookActivity activity) =>
        activity.WaitedBefore == 0 ? "An hour ago, none were."
        : activity.WaitedBefore < activity.Waiting ? $"The queue is growing: an hour ago it was {Formats.Count(activity.WaitedBefore)}."
        : $"The queue is getting shorter: an hour ago it was {Formats.Count(activity.WaitedBefore)}.";

    private static string Deliveries(int count) =>
        count >= WebhookStats.CountLimit ? $"{Formats.Count(WebhookStats.CountLimit)} or more deliveries" : Formats.Count(count, "delivery", "deliveries");
}
