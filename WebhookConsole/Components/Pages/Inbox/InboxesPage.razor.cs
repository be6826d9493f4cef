using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Inbox;

/// <summary>The inboxes of a project.</summary>
public partial class InboxesPage
{
    private LoadState<IReadOnlyList<InboxSummary>> _inboxes = LoadState.Loading<IReadOnlyList<InboxSummary>>();

    [Inject]
    private InboxService Inboxes { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Inbox];

    protected override async Task LoadAsync() => _inboxes = await Page.ReadAsync(actor => Inboxes.ListAsync(actor, Page.Project.Id, Page.Closing));

    private string UrlOf(InboxSummary row) => Navigation.BaseUri + InboxService.PathOf(row.Inbox);

    private async Task CreateAsync()
    {
        InboxEndpoint? created = null;
        await Dialogs.OpenAsync<InboxCreateDialog>(
            "Create inbox",
            new Dictionary<string, object?>
            {
                [nameof(InboxCreateDialog.Save)] =
                    (Func<string, Task<RuleException?>>)(
                        name => Page.SubmitAsync(async actor => created = await Inboxes.CreateAsync(actor, Page.Project.Id, name))
                    ),
            },
            DialogExtensions.Options("440px")
        );
        if (created is not null)
        {
            Navigation.NavigateTo(ConsoleUrls.Inbox(ProjectSlug, created.Id));
        }
    }
}
