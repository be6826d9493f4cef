using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>The event catalogue of a project.</summary>
public partial class EventTypesPage
{
    private LoadState<IReadOnlyList<EventTypeRow>> _types = LoadState.Loading<IReadOnlyList<EventTypeRow>>();

    /// <summary>Part of a name or description.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [Inject]
    private EventTypeService Types { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    // A new type is announced as a change of webhooks, because it changes their subscriptions.
    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Webhooks];

    private IReadOnlyList<EventTypeRow> Found => Search is { Length: > 0 } text ? [.. _types.Value!.Where(t => t.Contains(text))] : _types.Value!;

    protected override async Task LoadAsync() =>
        _types = await Page.ReadAsync(async actor =>
        {
            IReadOnlyList<EventType> types = await Types.ListAsync(actor, Page.Project.Id, Page.Closing);
            IReadOnlyDictionary<string, DateTimeOffset> seen = await Types.LastSeenAsync(actor, Page.Project.Id, Page.Closing);
            IReadOnlyList<Webhook> webhooks = await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing);
            return (IReadOnlyList<EventTypeRow>)
                [.. types.Select(t => EventTypeRow.Of(t, seen.TryGetValue(t.Name, out DateTimeOffset at) ? at : null, webhooks))];
        });

    private void SearchFor(string? text) =>
        Navigation.NavigateTo(ConsoleUrls.EventTypes(ProjectSlug) + (string.IsNullOrEmpty(text) ? "" : $"?q={Uri.EscapeDataString(text)}"), replace: true);

    private async Task AddAsync()
    {
        if (await new EventTypeCommands(Page, Types, Dialogs).EditAsync(null))
        {
            await LoadAsync();
        }
    }
}
