using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Overview;

/// <summary>Everything that the overview shows, read together.</summary>
/// <param name="Waiting">With a plus when a webhook has more than are counted.</param>
/// <param name="Held">As <paramref name="Waiting"/>; null for none.</param>
public sealed record OverviewData(
    int Webhooks,
    IReadOnlyList<AttentionItem> Attention,
    string Waiting,
    string? Held,
    IReadOnlyList<DeliveryRow> Recent,
    FirstSteps Steps
)
{
    /// <summary>For webhooks that were disabled after failures: the attempt that decided it.</summary>
    public IReadOnlyDictionary<Guid, DeliveryAttempt> Answers { get; init; } = new Dictionary<Guid, DeliveryAttempt>();

    public static OverviewData Of(
        IReadOnlyList<Webhook> webhooks,
        IReadOnlyDictionary<Guid, WebhookActivity> activity,
        IReadOnlyList<DeliveryRow> recent,
        FirstSteps steps
    ) =>
        new(
            webhooks.Count,
            Overview.Attention.Of(webhooks, activity),
            Sum([.. activity.Values.Select(a => a.Waiting)]),
            activity.Values.All(a => a.Held == 0) ? null : Sum([.. activity.Values.Select(a => a.Held)]),
            recent,
            steps
        );

    private static string Sum(int[] counts) => Formats.Count(counts.Sum(c => (long)c)) + (Array.Exists(counts, c => c >= WebhookStats.CountLimit) ? "+" : "");
}
