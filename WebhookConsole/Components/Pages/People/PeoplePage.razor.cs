using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.People;

/// <summary>The list of all people, for owners.</summary>
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
        _people = await Page.ReadAsync(async actor =>
        {
            _projects = await Projects.ListAsync(actor, Page.Closing);
            return await Reader.ListAllAsync(actor, Page.Closing);
        });

    private async Task InviteAsync()
    {
        PersonLink? link = null;
        Func<InviteForm, Task<InviteAnswer>> invite = async form => new InviteAnswer(
            await Page.SubmitAsync(async actor => link = await People.InviteAsync(actor, form.ToInvitation()))
        );
        await Dialogs.InviteAsync(Role.Owner, invite, _projects);
        if (link is not null)
        {
            await Dialogs.ShowLinkAsync(link, Navigation.BaseUri);
        }

        await LoadAsync();
    }
}
