using WebhookConsole.Components.Controls;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>Everything that the overview shows, read together.</summary>
/// <param name="Hours">24, oldest first, over all webhooks.</param>
/// <param name="LastHour">Start of the last of them.</param>
/// <param name="Waiting">With a plus when a webhook has more than are counted.</param>
/// <param name="Held">As <paramref name="Waiting"/>; null for none.</param>
public sealed record OverviewData(
    int Webhooks,
    IReadOnlyList<AttentionItem> Attention,
    IReadOnlyList<HourBucket> Hours,
    DateTimeOffset LastHour,
    string Waiting,
    string? Held,
    IReadOnlyList<DeliveryRow> Recent,
    FirstSteps Steps
)
{
    public long Succeeded => Hours.Sum(h => (long)h.Succeeded);

    public long Failed => Hours.Sum(h => (long)h.Failed);

    public long Attempts => Succeeded + Failed;

    public static OverviewData Of(
        IReadOnlyList<Webhook> webhooks,
        IReadOnlyDictionary<Guid, WebhookActivity> activity,
        IReadOnlyList<DeliveryRow> recent,
        FirstSteps steps,
        DateTimeOffset now
    ) =>
        new(
            webhooks.Count,
            Overview.Attention.Of(webhooks, activity),
            [
                .. Enumerable
                    .Range(0, WebhookStats.Hours)
                    .Select(i => new HourBucket(activity.Values.Sum(a => a.Hours[i].Succeeded), activity.Values.Sum(a => a.Hours[i].Failed))),
            ],
            DateTimeOffset.FromUnixTimeSeconds(WebhookHour.HourOf(now) * 3600),
            Sum([.. activity.Values.Select(a => a.Waiting)]),
            activity.Values.All(a => a.Held == 0) ? null : Sum([.. activity.Values.Select(a => a.Held)]),
            recent,
            steps
        );

    private static string Sum(int[] counts) => Formats.Count(counts.Sum(c => (long)c)) + (Array.Exists(counts, c => c >= WebhookStats.CountLimit) ? "+" : "");
}
