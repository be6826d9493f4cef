using WebhookConsole.Domain;
using WebhookConsole.People;

namespace WebhookConsole.Components.Pages.People;

/// <summary>What is chosen in the dialog.</summary>
public sealed class InviteForm
{
    public string Email { get; set; } = "";

    public Role Role { get; set; } = Role.Viewer;

    public HashSet<Guid> Projects { get; } = [];

    public Invitation ToInvitation() => new(Email, Role, Role == Role.Owner ? [] : Projects);
}

/// <summary>What came of sending the dialog.</summary>
/// <param name="Refusal">Null when it worked.</param>
/// <param name="Existing">Somebody with this address has an account already and may be added as they are.</param>
public sealed record InviteAnswer(RuleException? Refusal, PersonView? Existing = null);
