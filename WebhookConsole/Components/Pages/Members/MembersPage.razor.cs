using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
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

    protected override async Task LoadAsync() => _people = await ReadAsync(actor => Reader.ListAsync(actor, Project!.Id, Closing));

    private Task ShowLinkAsync(PersonLink link) => Dialogs.ShowLinkAsync(link, Navigation.BaseUri);

    private async Task InviteAsync()
    {
        PersonLink? link = null;
        Guid project = Project!.Id;
        Func<InviteForm, Task<InviteAnswer>> invite = async form =>
        {
            PersonView? existing = null;
            RuleException? refusal = await SubmitAsync(async actor =>
            {
                existing = await Reader.FindCandidateAsync(actor, project, form.Email, Closing);
                link = existing is null ? await People.InviteAsync(actor, new Invitation(form.Email, form.Role, [project])) : null;
            });
            return new InviteAnswer(refusal, existing);
        };
        Func<PersonView, Task<RuleException?>> add = person => SubmitAsync(actor => People.AddMemberAsync(actor, project, person.Id));
        await Dialogs.OpenAsync<InviteDialog>(
            "Invite person",
            new Dictionary<string, object?>
            {
                [nameof(InviteDialog.Highest)] = PersonRules.HighestRoleToGive(await ActorAsync()),
                [nameof(InviteDialog.Invite)] = invite,
                [nameof(InviteDialog.Add)] = add,
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
