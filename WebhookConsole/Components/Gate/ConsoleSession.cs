using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// The person using this circuit or static page. It is read again for every action, so that a changed role counts at once, and a session that has
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
    private bool _isFrame;

    /// <summary>The address of the request that opened the page; for the audit log.</summary>
    public string? RemoteAddress { get; set; }

    /// <summary>The person as last read, for deciding what to show; null before the first read.</summary>
    public Actor? Person { get; private set; }

    /// <summary>
    /// True in the first response to a request for a page, which shows the frame: navigation, heading, skeletons. What is in it is read by
    /// the circuit that follows.
    /// </summary>
    public bool IsFrame => _isFrame;

    /// <summary>Raised when the role, projects or name of <see cref="Person"/> have changed.</summary>
    public event EventHandler? Changed;

    /// <summary>Makes this the session of a first response.</summary>
    /// <param name="person">Who made the request; they have just been read for it, and are not read again.</param>
    /// <param name="remoteAddress">Where the request comes from.</param>
    public void BeginFrame(Actor person, string? remoteAddress) => (Person, RemoteAddress, _isFrame) = (person, remoteAddress, true);

    /// <summary>The person, with role and projects as they are now.</summary>
    /// <exception cref="OperationCanceledException">The session has ended, and the browser is on its way to the sign-in page.</exception>
    public async Task<Actor> ActorAsync(CancellationToken cancellationToken = default)
    {
        if (_isFrame && Person is { } requesting)
        {
            return requesting;
        }

        int ends = sessions.Ends;
        ClaimsPrincipal user = (await authentication.GetAuthenticationStateAsync()).User;
        if (await sessions.FindActorAsync(user, RemoteAddress, cancellationToken) is not { } person)
        {
            // Sign-in is rendered statically, so it needs a full load. Components treat a cancelled task as a page being left, which this one is.
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
    /// The person as last read, for frequent reads. Their rights are those that the page's gate last found: it asks at every change of
    /// people and every half minute. Once this process has ended a session, the person is read again.
    /// </summary>
    /// <exception cref="OperationCanceledException">As <see cref="ActorAsync"/>.</exception>
    public async Task<Actor> LastActorAsync(CancellationToken cancellationToken) =>
        Person is { } person && (_isFrame || _ends == sessions.Ends) ? person : await ActorAsync(cancellationToken);

    /// <summary>The project of an address.</summary>
    /// <exception cref="RuleException">NotFound, also for other people's projects.</exception>
    public async Task<Project> EnterAsync(string slug, CancellationToken cancellationToken)
    {
        Project project = await projects.FindAsync(await LastActorAsync(cancellationToken), slug, cancellationToken);
        current.Set(project.Id, project.Slug, project.Name);
        return project;
    }
}
