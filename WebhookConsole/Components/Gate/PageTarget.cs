using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Components.Pages.Inbox;
using WebhookConsole.Components.Pages.Webhooks;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Gate;

/// <summary>Whether what the address of a page names exists in its project; another project's does not exist there.</summary>
internal static class PageTarget
{
    public static async Task<bool> ExistsAsync(
        IServiceProvider services,
        Actor actor,
        Guid projectId,
        IReadOnlyDictionary<string, object?> routeValues,
        CancellationToken cancellationToken
    )
    {
        Guid? IdOf(string name) => routeValues.TryGetValue(name, out object? value) && Guid.TryParse(value as string, out Guid id) ? id : null;
        try
        {
            if (IdOf(nameof(WebhookPage.WebhookId)) is { } webhook)
            {
                await services.GetRequiredService<WebhookService>().GetAsync(actor, projectId, webhook, includeDeleted: true, cancellationToken);
            }

            if (IdOf(nameof(EventsPage.DeliveryId)) is { } delivery)
            {
                await services.GetRequiredService<DeliveryQueries>().GetAsync(actor, projectId, delivery, cancellationToken);
            }

            if (IdOf(nameof(InboxPage.InboxId)) is { } inbox)
            {
                await services.GetRequiredService<InboxService>().GetAsync(actor, projectId, inbox, cancellationToken);
            }

            return true;
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            return false;
        }
    }
}
