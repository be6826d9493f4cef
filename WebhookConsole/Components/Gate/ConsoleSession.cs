using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// Who sits in front of this circuit or static page. Asked anew for every action, so that a changed role counts at once, and a session that has
/// ended leads to the sign-in page.
/// </summary>
public sealed class ConsoleSession(
    AuthenticationStateProvider authentication,
    SessionService sessions,
    ProjectDirectory projects,
    CurrentProject current,
    NavigationManager navigation
)
{
    private int _ends;

    /// <summary>Of the request that opened the page; for the audit log.</summary>
    public string? RemoteAddress { get; set; }

    /// <summary>The person as last read, to decide what to show; null before the first read.</summary>
    public Actor? Person { get; private set; }

    /// <summary>Role, projects or name of <see cref="Person"/> are not what they were.</summary>
    public event EventHandler? Changed;

    /// <summary>The person, with role and projects as they are now.</summary>
    /// <exception cref="OperationCanceledException">The session has ended, and the browser is on its way to the sign-in page.</exception>
    public async Task<Actor> ActorAsync(CancellationToken cancellationToken = default)
    {
        int ends = sessions.Ends;
        ClaimsPrincipal user = (await authentication.GetAuthenticationStateAsync()).User;
        if (await sessions.FindActorAsync(user, RemoteAddress, cancellationToken) is not { } person)
        {
            // A full load: sign-in is rendered statically. Components take a cancelled task for a page that is being left, which this one is.
            navigation.NavigateTo(ConsoleUrls.Login(new Uri(navigation.Uri).PathAndQuery), forceLoad: true);
            throw new OperationCanceledException("The session has ended.");
        }

        bool changed =
            Person is not { } last
            || last.Role != person.Role
            || last.Name != person.Name
            || last.DisplayName != person.DisplayName
            || !last.Projects.SetEquals(person.Projects);
        (Person, _ends) = (person, ends);
        if (changed)
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }

        return person;
    }

    /// <summary>
    /// The person as last read, for what is read often. Their rights are as the gate of the page last found them: it asks at every change of
    /// people and every half minute. Once this process has ended a session, the person is asked for anew.
    /// </summary>
    /// <exception cref="OperationCanceledException">As <see cref="ActorAsync"/>.</exception>
    public async Task<Actor> LastActorAsync(CancellationToken cancellationToken) =>
        Person is { } person && _ends == sessions.Ends ? person : await ActorAsync(cancellationToken);

    /// <summary>The project of an address.</summary>
    /// <exception cref="RuleException">NotFound, also for projects of others.</exception>
    public async Task<Project> EnterAsync(string slug, CancellationToken cancellationToken)
    {
        Project project = await projects.FindAsync(await LastActorAsync(cancellationToken), slug, cancellationToken);
        current.Set(project.Id, project.Slug, project.Name);
        return project;
    }
}
