using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>What the webhook screens say about settings.</summary>
public static class WebhookTexts
{
    /// <summary>One line about when to choose a format.</summary>
    public static string Explain(SignatureFormat format) =>
        format switch
        {
            SignatureFormat.Standard => "The open standard: ready-made verifiers in every language. Choose it for new receivers.",
            SignatureFormat.Svix => "The same signature under svix- header names, for receivers that use Svix's libraries.",
            SignatureFormat.BodyHex => "Hex HMAC of the body alone, in a header that you can name. The timestamp is not signed.",
            SignatureFormat.TimestampedHex => "Hex HMAC of timestamp and body in X-Signature.",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };

    public static string NameOf(RetrySchedule schedule) =>
        schedule.Text switch
        {
            "patient" => "Patient",
            "brisk" => "Brisk",
            "standard" => "Standard",
            "none" => "No retries",
            _ => "Custom",
        };

    /// <summary><c>1 min, 5 min, 15 min, 1 h, 6 h</c>; without delays, what that means.</summary>
    public static string Delays(RetrySchedule schedule) =>
        schedule.Delays.Count == 0 ? "One attempt only" : string.Join(", ", schedule.Delays.Select(Formats.Duration));

    /// <summary><c>6 attempts over 7 h 21 min</c></summary>
    public static string Extent(RetrySchedule schedule) =>
        schedule.Delays.Count == 0
            ? "A failed delivery stays failed until somebody replays it"
            : $"{schedule.MaxAttempts} attempts over {Formats.Duration(TimeSpan.FromTicks(schedule.Delays.Sum(d => d.Ticks)))}";
}
