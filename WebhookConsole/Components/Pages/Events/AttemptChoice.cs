using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>The attempt that explains the state of a delivery.</summary>
public static class AttemptChoice
{
    /// <summary>The newest failed attempt; for a delivery that succeeded, the one that did. Null before the first.</summary>
    public static DeliveryAttempt? Of(DeliveryDetail detail) =>
        detail.Attempts.LastOrDefault(a => a.FailureClass is null == (detail.Delivery.Status == DeliveryStatus.Succeeded))
        ?? (detail.Attempts is [.., var newest] ? newest : null);
}
