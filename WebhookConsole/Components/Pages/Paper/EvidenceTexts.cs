using System.Globalization;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Paper;

/// <summary>The sentences of a record on paper. They state facts and give no advice: the reader may be somebody outside.</summary>
public static class EvidenceTexts
{
    /// <summary><c>2026-11-21 14:05:09.123 UTC</c></summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What became of the delivery, in one sentence.</summary>
    public static string Verdict(DeliveryDetail detail)
    {
        DeliveryAttempt? success = detail.Attempts.FirstOrDefault(a => a.FailureClass is null);
        if (detail.Delivery.Status == DeliveryStatus.Succeeded && success is not null)
        {
            string attempt = detail.Attempts.Count == 1 ? "on the first attempt" : $"on attempt {success.Number} of {detail.Attempts.Count}";
            return $"Delivered {attempt}: the receiver answered {success.StatusCode} at {Utc(success.StartedAt.AddMilliseconds(success.DurationMs))}.";
        }

        string made = detail.Attempts.Count switch
        {
            0 => "No attempt has been made yet.",
            1 => "One attempt was made.",
            int count => string.Create(CultureInfo.InvariantCulture, $"{count} attempts were made."),
        };
        return detail.Delivery.Status switch
        {
            DeliveryStatus.Succeeded => "Delivered.",
            DeliveryStatus.Failed => $"Not delivered. {made}",
            DeliveryStatus.Cancelled => $"Cancelled before it was delivered. {made}",
            DeliveryStatus.Held => $"Held and not delivered so far. {made}",
            _ => $"Not delivered so far. {made}",
        };
    }
}
