using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Gate;

/// <summary>Who sits in front of this circuit. Asked anew for every action, so that a changed role or a session that ended counts at once.</summary>
public sealed class ConsoleSession(
    AuthenticationStateProvider authentication,
    Sessions sessions,
    Members members,
    ProjectDirectory projects,
    CurrentProject current
)
{
    /// <summary>Of the request that opened the page; for the audit log.</summary>
    public string? RemoteAddress { get; set; }

    /// <summary>The person as last read, to decide what to show; null before the first read.</summary>
    public Actor? Person { get; private set; }

    /// <summary>Role, projects or name of <see cref="Person"/> are not what they were.</summary>
    public event EventHandler? Changed;

    /// <summary>The person, with role and projects as they are now.</summary>
    /// <exception cref="RuleException">Forbidden: nobody is signed in any more, here or as a whole.</exception>
    public async Task<Actor> ActorAsync(CancellationToken cancellationToken = default)
    {
        ClaimsPrincipal user = (await authentication.GetAuthenticationStateAsync()).User;
        Actor person =
            (await sessions.IsAliveAsync(user, cancellationToken) ? await members.FindActorAsync(user, RemoteAddress, cancellationToken) : null)
            ?? throw new RuleException(RefusalKind.Forbidden, "signed_out", "You are no longer signed in. Reload the page and sign in again.");
        bool changed =
            Person is not { } last
            || last.Role != person.Role
            || last.Name != person.Name
            || last.DisplayName != person.DisplayName
            || !last.Projects.SetEquals(person.Projects);
        Person = person;
        if (changed)
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }

        return person;
    }

    /// <summary>The project of an address.</summary>
    /// <exception cref="RuleException">NotFound, also for projects of others.</exception>
    public async Task<Project> EnterAsync(string slug, CancellationToken cancellationToken)
    {
        Project project = await projects.FindAsync(await ActorAsync(cancellationToken), slug, cancellationToken);
        current.Set(project.Id, project.Slug, project.Name);
        return project;
    }
}
