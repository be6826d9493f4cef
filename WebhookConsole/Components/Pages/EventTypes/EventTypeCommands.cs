using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>What can be done with an event type, from the list and from its own page.</summary>
internal sealed class EventTypeCommands(PageHost page, EventTypeService types, DialogService dialogs)
{
    /// <param name="type">The type to edit; null to add one.</param>
    /// <returns>True when it was saved.</returns>
    public async Task<bool> EditAsync(EventType? type)
    {
        Func<EventTypeForm, Task<RuleException?>> save = form =>
            page.SubmitAsync(actor =>
                type is null
                    ? types.CreateAsync(actor, page.Project.Id, form.ToDraft())
                    : types.UpdateAsync(actor, page.Project.Id, type.Name, _ => form.ToDraft(), type.Version)
            );
        Func<Task<LastEvent?>>? last =
            type is not null && page.May(Permission.ViewDeliveries)
                ? () => page.TryGetAsync(actor => types.LastEventAsync(actor, page.Project.Id, type.Name, page.Closing))
                : null;
        return await dialogs.OpenAsync<EventTypeDialog>(
            type is null ? "Add event type" : "Edit event type",
            new Dictionary<string, object?>
            {
                [nameof(EventTypeDialog.Type)] = type,
                [nameof(EventTypeDialog.LoadLast)] = last,
                [nameof(EventTypeDialog.Save)] = save,
            },
            DialogExtensions.Options("640px")
        )
            is true;
    }

    /// <returns>True when it was done.</returns>
    public Task<bool> DeprecateAsync(EventType type, bool deprecated) =>
        page.TryAsync(actor => types.UpdateAsync(actor, page.Project.Id, type.Name, draft => draft with { Deprecated = deprecated }, null));

    /// <param name="subscribers">How many webhooks subscribe to it.</param>
    /// <returns>True when it was done.</returns>
    public async Task<bool> DeleteAsync(EventType type, int subscribers)
    {
        ConfirmRequest question = new("Delete this event type?", $"“{type.Name}” is deleted, with its description and example.", "Delete event type")
        {
            Danger = true,
            Consequences =
            [
                subscribers == 0 ? "No webhook subscribes to it." : "Webhook filters stay as they are, so subscribed webhooks still get its events.",
                "It comes back as seen when an event of this type arrives, unless only declared types are accepted.",
            ],
        };
        return await dialogs.AskAsync(question) && await page.TryAsync(actor => types.DeleteAsync(actor, page.Project.Id, type.Name));
    }
}
