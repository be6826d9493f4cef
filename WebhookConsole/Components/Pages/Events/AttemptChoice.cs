using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>The attempt that answers why a delivery is as it is.</summary>
public static class AttemptChoice
{
    /// <summary>The newest failed attempt; of a delivery that arrived, the one that succeeded. Null before the first.</summary>
    public static DeliveryAttempt? Of(DeliveryDetail detail) =>
        detail.Attempts.LastOrDefault(a => a.FailureClass is null == (detail.Delivery.Status == DeliveryStatus.Succeeded))
        ?? (detail.Attempts is [.., var newest] ? newest : null);
}
