using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Pages.People;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Members;

/// <summary>The people of a project.</summary>
public partial class MembersPage
{
    private LoadState<IReadOnlyList<PersonView>> _people = LoadState.Loading<IReadOnlyList<PersonView>>();

    [Inject]
    private PeopleQueries Reader { get; set; } = default!;

    [Inject]
    private PeopleService People { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    protected override async Task LoadAsync() => _people = await Page.ReadAsync(actor => Reader.ListAsync(actor, Page.Project.Id, Page.Closing));

    private async Task InviteAsync()
    {
        PersonLink? link = null;
        Guid project = Page.Project.Id;
        Func<InviteForm, Task<InviteAnswer>> invite = async form =>
        {
            PersonView? existing = null;
            RuleException? refusal = await Page.SubmitAsync(async actor =>
            {
                existing = await Reader.FindCandidateAsync(actor, project, form.Email, Page.Closing);
                link = existing is null ? await People.InviteAsync(actor, new Invitation(form.Email, form.Role, [project])) : null;
            });
            return new InviteAnswer(refusal, existing);
        };
        Func<PersonView, Task<RuleException?>> add = person => Page.SubmitAsync(actor => People.AddMemberAsync(actor, project, person.Id));
        await Dialogs.InviteAsync(PersonRules.HighestRoleToGive(Page.Person!), invite, add: add);
        if (link is not null)
        {
            await Dialogs.ShowLinkAsync(link, Navigation.BaseUri);
        }

        await LoadAsync();
    }
}
