using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.People;

/// <summary>Who may manage whom (specification §2): owners everybody, admins those below them in their projects. Screens ask too.</summary>
public static class PersonRules
{
    /// <summary>The highest role that somebody may give, or take.</summary>
    public static Role HighestRoleToGive(Actor actor) => AccessPolicy.May(actor, Permission.ManagePeople) ? Role.Owner : Role.Operator;

    /// <summary>Decides about the whole account: role, password, invitation.</summary>
    /// <returns>Null when the actor may; otherwise a sentence that says who can.</returns>
    public static string? WhyNotAccount(Actor actor, PersonView person) =>
        person.Id == actor.Id ? "You cannot change your own account here. Ask another owner or admin. Your name and password are in your profile."
        : AccessPolicy.May(actor, Permission.ManagePeople) ? null
        : WhyNotRole(person)
            ?? (
                person.Projects.Count == 0 || person.Projects.Any(p => !AccessPolicy.May(actor, Permission.ManageMembers, p.Id))
                    ? $"{person.Name} also belongs to projects that you do not manage. Ask an owner to do this."
                    : null
            );

    /// <summary>Decides about one project: adding them to it, removing them from it.</summary>
    /// <returns>Null when the actor, who manages its members, may; otherwise a sentence that says who can.</returns>
    public static string? WhyNotMembership(Actor actor, PersonView person) =>
        person.Role == Role.Owner ? "Owners belong to every project."
        : person.Id == actor.Id ? "You cannot add or remove yourself. Ask an owner or another admin."
        : AccessPolicy.May(actor, Permission.ManagePeople) ? null
        : WhyNotRole(person);

    /// <exception cref="RuleException">Forbidden, with the sentence.</exception>
    internal static void Demand(string? whyNot)
    {
        if (whyNot is not null)
        {
            throw new RuleException(RefusalKind.Forbidden, "forbidden", whyNot);
        }
    }

    private static string? WhyNotRole(PersonView person) =>
        person.Role > Role.Operator ? $"{person.Name} is {(person.Role == Role.Admin ? "an admin" : "an owner")}. Ask an owner to do this." : null;
}
