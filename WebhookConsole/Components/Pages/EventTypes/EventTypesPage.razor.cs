using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>The event catalogue of a project.</summary>
public partial class EventTypesPage
{
    private LoadState<IReadOnlyList<EventType>> _types = LoadState.Loading<IReadOnlyList<EventType>>();

    [Inject]
    private EventTypeService Types { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        // A new type is announced with the webhooks, whose subscriptions it changes.
        Follow(ChangeKind.Webhooks, LoadAsync);
        _types = await ReadAsync(actor => Types.ListAsync(actor, Project!.Id, Closing));
    }

    private async Task EditAsync(EventType? type)
    {
        Func<EventTypeForm, Task<IReadOnlyDictionary<string, string[]>?>> save = SaveAsync;
        object? saved = await Dialogs.OpenAsync<EventTypeDialog>(
            type is null ? "Add event type" : "Edit event type",
            new Dictionary<string, object?> { [nameof(EventTypeDialog.Type)] = type, [nameof(EventTypeDialog.Save)] = save },
            DialogExtensions.Options("600px")
        );
        if (saved is true)
        {
            await LoadAsync();
        }
    }

    private async Task ShowExampleAsync(EventType type) =>
        await Dialogs.OpenAsync<EventTypeExampleDialog>(
            type.Name,
            new Dictionary<string, object?> { [nameof(EventTypeExampleDialog.Type)] = type },
            DialogExtensions.Options("640px")
        );

    // Null when saved; else what is wrong, by field, for the form. What concerns no field is a notification.
    private async Task<IReadOnlyDictionary<string, string[]>?> SaveAsync(EventTypeForm form)
    {
        IReadOnlyDictionary<string, string[]> errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        bool done = await TryAsync(async actor =>
        {
            try
            {
                await Types.SaveAsync(actor, Project!.Id, form.Name, form.Description, form.Example);
            }
            catch (RuleException exception) when (exception.Errors.Count > 0)
            {
                errors = exception.Errors;
            }
        });
        return done && errors.Count == 0 ? null : errors;
    }
}
