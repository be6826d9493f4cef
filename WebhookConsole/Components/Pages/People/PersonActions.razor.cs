using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.People;

namespace WebhookConsole.Components.Pages.People;

/// <summary>The menu of one person, in the members of a project and in the list of all people.</summary>
public sealed partial class PersonActions
{
    [Parameter, EditorRequired]
    public PersonView Person { get; set; } = default!;

    /// <summary>The project whose members are listed; null in the list of all people.</summary>
    [Parameter]
    public Guid? ProjectId { get; set; }

    /// <summary>Projects to choose from, in the list of all people.</summary>
    [Parameter]
    public IReadOnlyList<Project> Projects { get; set; } = [];

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private PeopleService People { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private Notices.Notifier Notices { get; set; } = default!;

    private Actor Actor => Page.Person!;

    private bool Invited => Person.State == PersonState.Invited;

    private string? WhyNot => PersonRules.WhyNotAccount(Actor, Person);

    private bool MayAccount => WhyNot is null;

    private bool MayMembership => ProjectId is { } project && Person.Projects.Any(p => p.Id == project) && PersonRules.WhyNotMembership(Actor, Person) is null;

    private bool MayRemove => MayAccount && AccessPolicy.May(Actor, Permission.ManagePeople);

    private async Task ChangeRoleAsync()
    {
        object? chosen = await Dialogs.OpenAsync<RoleDialog>(
            $"Role of {Person.Name}",
            new Dictionary<string, object?> { [nameof(RoleDialog.Person)] = Person, [nameof(RoleDialog.Highest)] = PersonRules.HighestRoleToGive(Actor) },
            DialogExtensions.Options("460px")
        );
        if (chosen is Role role && role != Person.Role)
        {
            (Guid id, string name, Role before) = (Person.Id, Person.Name, Person.Role);
            await DoAsync(
                actor => People.ChangeRoleAsync(actor, id, role),
                $"{name} is now {role}.",
                async actor =>
                {
                    await People.ChangeRoleAsync(actor, id, before);
                    return $"{name} is {before} again.";
                }
            );
        }
    }

    private async Task ChangeProjectsAsync()
    {
        object? chosen = await Dialogs.OpenAsync<PersonProjectsDialog>(
            $"Projects of {Person.Name}",
            new Dictionary<string, object?> { [nameof(PersonProjectsDialog.Person)] = Person, [nameof(PersonProjectsDialog.Projects)] = Projects },
            DialogExtensions.Options("460px")
        );
        if (chosen is IReadOnlyCollection<Guid> projects)
        {
            await DoAsync(actor => People.SetProjectsAsync(actor, Person.Id, projects), $"The projects of {Person.Name} have been changed.");
        }
    }

    private async Task MakeLinkAsync()
    {
        ConfirmRequest question = Invited
            ? new ConfirmRequest("Make a new invitation link?", $"It works once, within 7 days. Any earlier link for {Person.Name} stops working.", "Make link")
            : new ConfirmRequest("Make a password link?", $"{Person.Name} uses it to choose a new password. It works once, within a day.", "Make link")
            {
                Consequences =
                [
                    "The current password works until the link is used.",
                    "Using it ends all sessions and lifts a lockout.",
                    "Give it to nobody else: anyone who opens it can take over the account.",
                ],
            };
        if (await Dialogs.AskAsync(question) && await Page.TryGetAsync(actor => People.MakeLinkAsync(actor, Person.Id)) is { } link)
        {
            await Dialogs.ShowLinkAsync(link, Navigation.BaseUri);
            await OnChanged.InvokeAsync();
        }
    }

    private Task SignOutAsync() =>
        AskAsync(
            new ConfirmRequest("Sign out everywhere?", $"All sessions of {Person.Name} end at once, on all devices.", "Sign out everywhere")
            {
                Consequences = ["They can sign in again with the same password.", "A password link that has not been used stops working."],
            },
            actor => People.SignOutEverywhereAsync(actor, Person.Id),
            $"{Person.Name} is signed out everywhere."
        );

    private Task TurnOffTwoFactorAsync() =>
        AskAsync(
            new ConfirmRequest(
                "Turn off two-factor?",
                $"{Person.Name} can sign in with the password alone, and set it up again in their profile.",
                "Turn off two-factor"
            )
            {
                Danger = true,
                Consequences =
                [
                    "Make sure that they asked you themselves, and not somebody who knows their password.",
                    "Their recovery codes stop working, and their sessions end at once.",
                ],
            },
            actor => People.TurnOffTwoFactorAsync(actor, Person.Id),
            $"Two-factor is off for {Person.Name}."
        );

    private Task WithdrawAsync() =>
        AskAsync(
            new ConfirmRequest(
                "Withdraw this invitation?",
                $"The link that {Person.Email} got stops working. You can invite them again.",
                "Withdraw invitation"
            )
            {
                Danger = true,
            },
            actor => People.WithdrawAsync(actor, Person.Id),
            "Invitation withdrawn."
        );

    private Task RemoveMemberAsync() =>
        AskAsync(
            new ConfirmRequest(
                "Remove from this project?",
                $"{Person.Name} no longer sees this project, not even on pages that are already open.",
                "Remove from project"
            )
            {
                Danger = true,
                Consequences = ["Their account and other projects stay.", "API tokens belong to the project and keep working: revoke those they know."],
            },
            actor => People.RemoveMemberAsync(actor, ProjectId!.Value, Person.Id),
            $"{Person.Name} has been removed from this project."
        );

    private Task RemoveAsync() =>
        AskAsync(
            new ConfirmRequest("Remove this account?", $"{Person.Name} is signed out at once and cannot sign in again.", "Remove account")
            {
                Danger = true,
                Consequences = ["What they did stays in the audit log.", "API tokens belong to projects and keep working: revoke those they know."],
            },
            actor => People.RemoveAsync(actor, Person.Id),
            $"The account of {Person.Name} has been removed."
        );

    private async Task AskAsync(ConfirmRequest question, Func<Actor, Task> action, string done)
    {
        if (await Dialogs.AskAsync(question))
        {
            await DoAsync(action, done);
        }
    }

    private async Task DoAsync(Func<Actor, Task> action, string done, Func<Actor, Task<string>>? undo = null)
    {
        if (await Page.TryAsync(action))
        {
            Notices.Done(done, undo: undo);
            await OnChanged.InvokeAsync();
        }
    }
}
