using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Components.Pages.Members;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.People;

/// <summary>Everybody, for owners.</summary>
public partial class PeoplePage
{
    private LoadState<IReadOnlyList<PersonView>> _people = LoadState.Loading<IReadOnlyList<PersonView>>();
    private IReadOnlyList<Project> _projects = [];

    [Inject]
    private PeopleQueries Reader { get; set; } = default!;

    [Inject]
    private PeopleService People { get; set; } = default!;

    [Inject]
    private ProjectDirectory Projects { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync() =>
        _people = await ReadAsync(async actor =>
        {
            _projects = await Projects.ListAsync(actor, Closing);
            return await Reader.ListAllAsync(actor, Closing);
        });

    private Task ShowLinkAsync(PersonLink link) => Dialogs.ShowLinkAsync(link, Navigation.BaseUri);

    private async Task InviteAsync()
    {
        PersonLink? link = null;
        Func<InviteForm, Task<InviteAnswer>> invite = async form => new InviteAnswer(
            await SubmitAsync(async actor => link = await People.InviteAsync(actor, form.ToInvitation()))
        );
        await Dialogs.OpenAsync<InviteDialog>(
            "Invite person",
            new Dictionary<string, object?>
            {
                [nameof(InviteDialog.Highest)] = Role.Owner,
                [nameof(InviteDialog.Projects)] = _projects,
                [nameof(InviteDialog.Invite)] = invite,
            },
            DialogExtensions.Options("500px")
        );
        if (link is not null)
        {
            await ShowLinkAsync(link);
        }

        await LoadAsync();
    }
}
