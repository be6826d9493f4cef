using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Projects;

namespace WebhookConsole.Components.Gate;

/// <summary>What a page requires according to its attributes (<see cref="RequiresAttribute"/>, <see cref="OpenToAttribute"/>).</summary>
public sealed class PageRule
{
    private static readonly ConcurrentDictionary<Type, PageRule> s_rules = new();

    private readonly Permission? _permission;
    private readonly Audience _audience;

    private PageRule(Type page)
    {
        _permission = page.GetCustomAttribute<RequiresAttribute>()?.Permission;
        _audience = page.GetCustomAttribute<OpenToAttribute>()?.Audience ?? Audience.SignedIn;
    }

    /// <summary>What the page requires of a person; null when it is open.</summary>
    public Permission? Permission => _permission;

    /// <summary>True when nobody needs to be signed in.</summary>
    public bool IsForAnyone => _permission is null && _audience == Audience.Anyone;

    public static PageRule Of(Type page) => s_rules.GetOrAdd(page, static type => new PageRule(type));

    /// <param name="slug">The project's slug in the address; null when there is none.</param>
    /// <param name="find">Finds what else the address names in the project; throws NotFound when it does not exist.</param>
    public async Task<PageAccess> CheckAsync(
        Actor actor,
        string? slug,
        ProjectDirectory projects,
        CancellationToken cancellationToken,
        Func<Project, Task>? find = null
    )
    {
        try
        {
            Project? project = slug is null ? null : await projects.FindAsync(actor, slug, cancellationToken);
            if (_permission is { } permission && !AccessPolicy.May(actor, permission, project?.Id))
            {
                return PageAccess.Refused;
            }

            if (project is not null && find is not null)
            {
                await find(project);
            }

            return PageAccess.Open;
        }
        catch (RuleException exception) when (exception.Kind == RefusalKind.NotFound)
        {
            return PageAccess.Missing;
        }
    }
}

/// <summary>Whether a person may see a page.</summary>
public enum PageAccess
{
    Open = 0,

    /// <summary>The role is too low.</summary>
    Refused = 1,

    /// <summary>There is no such project, or the person is not a member of it.</summary>
    Missing = 2,
}
