using WebhookConsole.Domain;
using WebhookConsole.People;

namespace WebhookConsole.Components.Pages.People;

/// <summary>The input of the dialog.</summary>
public sealed class InviteForm
{
    public string Email { get; set; } = "";

    public Role Role { get; set; } = Role.Viewer;

    public HashSet<Guid> Projects { get; } = [];

    public Invitation ToInvitation() => new(Email, Role, Role == Role.Owner ? [] : Projects);
}

/// <summary>The result of sending the dialog.</summary>
/// <param name="Refusal">Null when it worked.</param>
/// <param name="Existing">A person who already has an account with this address and may be added.</param>
public sealed record InviteAnswer(RuleException? Refusal, PersonView? Existing = null);
