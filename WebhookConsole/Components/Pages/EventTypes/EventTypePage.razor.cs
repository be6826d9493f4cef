using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>One event type: its example, who gets it, when it was last seen.</summary>
public partial class EventTypePage
{
    private LoadState<EventTypeRow> _row = LoadState.Loading<EventTypeRow>();
    private IReadOnlyList<Webhook> _webhooks = [];

    [Parameter]
    public string TypeName { get; set; } = "";

    [Inject]
    private EventTypeService Types { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private WebhookTester Tester { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Webhooks];

    private EventTypeCommands Commands => new(Page, Types, Dialogs);

    protected override async Task LoadAsync() =>
        _row = await Page.ReadAsync(async actor =>
        {
            EventType type = await Types.GetAsync(actor, Page.Project.Id, TypeName, Page.Closing);
            IReadOnlyDictionary<string, DateTimeOffset> seen = await Types.LastSeenAsync(actor, Page.Project.Id, Page.Closing);
            _webhooks = [.. (await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing)).Where(w => w.Scope == WebhookScope.Events)];
            return EventTypeRow.Of(type, seen.TryGetValue(TypeName, out DateTimeOffset at) ? at : null, _webhooks);
        });

    // Which part of its filter matches the type.
    private string? By(Webhook webhook) => webhook.EventFilter.PatternFor(TypeName) is { } pattern and not "*" ? pattern : null;

    // Subscribers come first: they are what a test is for.
    private Task TestAsync() =>
        new TestLauncher(Page, Types, Tester, Dialogs).OpenAsync([.. _webhooks.OrderByDescending(w => w.EventFilter.Matches(TypeName))], TypeName);

    private async Task EditAsync()
    {
        if (await Commands.EditAsync(_row.Value!.Type))
        {
            await LoadAsync();
        }
    }

    private async Task DeprecateAsync(bool deprecated)
    {
        if (await Commands.DeprecateAsync(_row.Value!.Type, deprecated))
        {
            await LoadAsync();
        }
    }

    private async Task DeleteAsync()
    {
        if (await Commands.DeleteAsync(_row.Value!.Type, _row.Value.Subscribers.Count))
        {
            Notices.Done($"{TypeName} has been deleted.");
            Navigation.NavigateTo(ConsoleUrls.EventTypes(ProjectSlug));
        }
    }
}
