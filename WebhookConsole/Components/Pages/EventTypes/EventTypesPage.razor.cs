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

    // A new type is announced as a change of webhooks, because it changes their subscriptions.
    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Webhooks];

    protected override async Task LoadAsync() => _types = await Page.ReadAsync(actor => Types.ListAsync(actor, Page.Project.Id, Page.Closing));

    private async Task EditAsync(EventType? type)
    {
        Func<EventTypeForm, Task<RuleException?>> save = form =>
            Page.SubmitAsync(actor => Types.SaveAsync(actor, Page.Project.Id, form.Name, form.Description, form.Example));
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
}
