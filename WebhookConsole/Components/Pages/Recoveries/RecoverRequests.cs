using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>What the dialog is filled in with, depending on where it is opened.</summary>
public static class RecoverRequests
{
    /// <summary>The failures that a list shows; null when its filters show something else.</summary>
    /// <param name="filter">What the list has read.</param>
    /// <param name="webhookId">The webhook whose page the list is on; null on the page of all.</param>
    public static RecoveryRequest? Of(DeliveryListQuery query, DeliveryFilter filter, Guid? webhookId)
    {
        bool held = query.Status == DeliveryStatus.Held;
        bool failing = query.Failing || query.Status == DeliveryStatus.Failed || (query.Failure is not null && query.Status is null);
        return !held && !failing
            ? null
            : new RecoveryRequest
            {
                WebhookId = webhookId ?? query.WebhookId,
                Since = filter.Since,
                Until = filter.Until,
                Statuses =
                    query.Failing ? [DeliveryStatus.Failed, DeliveryStatus.Held]
                    : held ? [DeliveryStatus.Held]
                    : [DeliveryStatus.Failed],
                EventTypes = query.EventType is { } type && EventFilter.TryCreate([type], out EventFilter? types, out _) ? types : EventFilter.All,
            };
    }
}
