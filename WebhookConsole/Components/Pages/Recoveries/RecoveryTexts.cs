using WebhookConsole.Components.Controls;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>What screens say about a recovery.</summary>
public static class RecoveryTexts
{
    /// <summary>The chip: icon, word and colour.</summary>
    public static (string Word, Tone Tone, IconName Icon) LookOf(Recovery recovery) =>
        recovery.Status switch
        {
            RecoveryStatus.Running when recovery.Probing => ("Sending one first", Tone.Info, IconName.Send),
            RecoveryStatus.Running => ("Running", Tone.Info, IconName.Play),
            RecoveryStatus.Paused => ("Paused", Tone.Warn, IconName.Pause),
            RecoveryStatus.Completed => ("Completed", Tone.Good, IconName.CheckCircle),
            RecoveryStatus.Cancelled => ("Cancelled", Tone.Neutral, IconName.Slash),
            _ => throw new InvalidOperationException($"No word for {recovery.Status}."),
        };

    /// <summary>What it sends: <c>Failed deliveries of Orders, 20 Nov, 00:00 to 21 Nov, 00:00</c>.</summary>
    public static string ScopeOf(Recovery recovery, string? webhookName, BrowserTime time)
    {
        string statuses = (recovery.TakesFailed, recovery.TakesHeld) switch
        {
            (true, true) => "Failed and held",
            (true, false) => "Failed",
            _ => "Held",
        };
        string types = recovery.EventTypes.IsAll ? "" : $" of type {string.Join(", ", recovery.EventTypes.Patterns)}";
        string range =
            recovery.SelectedIds() is { } selected ? $", {Formats.Count(selected.Count)} selected"
            : recovery.Since is { } since ? $", {time.Range(since, recovery.Until)}"
            : $", until {time.Clock(recovery.Until)}";
        return $"{statuses} deliveries{types} of {(webhookName is null ? "all webhooks" : Formats.Isolated(webhookName))}{range}";
    }

    /// <summary>The share that was attempted, 0–100, rounded down so that only the end is 100.</summary>
    public static int PercentOf(Recovery recovery) => recovery.Total == 0 ? 100 : (int)(recovery.Attempted * 100L / recovery.Total);

    /// <summary>What became of those that were not attempted; null when there are none.</summary>
    public static string? LeftText(Recovery recovery) =>
        recovery.Left == 0 ? null
        : recovery.Status == RecoveryStatus.Completed
            ? $"{Formats.Count(recovery.Left, "delivery", "deliveries")} needed nothing more: sent, discarded or removed in the meantime."
        : recovery.Status == RecoveryStatus.Cancelled
            ? $"{Formats.Count(recovery.Left, "delivery stays", "deliveries stay")} as {(recovery.Left == 1 ? "it was" : "they were")}."
        : null;
}
