namespace WebhookConsole.Domain.Rules;

/// <summary>What somebody may do in a project or, from <see cref="ManageProjects"/> on, in the installation (specification §2, §12).</summary>
public enum Permission
{
    ViewWebhooks = 0,
    ViewDeliveries = 1,
    PostEvents = 2,
    ManageWebhooks = 3,
    ReplayDeliveries = 4,
    ManageInboxes = 5,
    SeeNewSecret = 6,
    RotateSecrets = 7,
    DeleteWebhooks = 8,
    ManageEventTypes = 9,
    ManageTokens = 10,
    ViewAudit = 11,
    ReplayWhileDisabled = 12,

    /// <summary>People of one project, up to operators.</summary>
    ManageMembers = 13,

    /// <summary>See a stored secret again, where <c>Secrets:Reveal</c> allows it.</summary>
    RevealSecrets = 14,

    ManageProjects = 15,

    /// <summary>All people and their roles.</summary>
    ManagePeople = 16,

    /// <summary>Settings and the state of the installation, its audit log, the encryption key, backups.</summary>
    ManageInstallation = 17,
}

/// <summary>The one rule object: pages, circuit calls and the API all ask it.</summary>
public static class AccessPolicy
{
    /// <summary>True when the actor has the permission: a person by role and membership, a token by scope and project.</summary>
    /// <param name="projectId">The project concerned; null only for a permission of the installation.</param>
    public static bool May(Actor actor, Permission permission, Guid? projectId = null)
    {
        (Role role, TokenScopes scope) = RuleOf(permission);
        return (IsOfInstallation(permission) || actor.IsMember(Required(permission, projectId)))
            && (actor.Kind == ActorKind.Token ? (actor.Scopes & scope) != TokenScopes.None : actor.Role >= role);
    }

    /// <exception cref="RuleException">NotFound for strangers to the project, who must not learn that it exists; Forbidden for its members.</exception>
    public static void Demand(Actor actor, Permission permission, Guid? projectId = null)
    {
        if (!IsOfInstallation(permission) && !actor.IsMember(Required(permission, projectId)))
        {
            throw RuleException.NotFound("project");
        }

        if (!May(actor, permission, projectId))
        {
            (Role role, TokenScopes scope) = RuleOf(permission);
            throw new RuleException(
                RefusalKind.Forbidden,
                "forbidden",
                actor.Kind != ActorKind.Token ? $"Your role is {actor.Role}; this needs {role}. Ask {WhoMay(permission)}."
                    : scope == TokenScopes.None ? "API tokens cannot do this; a person has to do it in the console."
                    : $"This token lacks the scope {TokenScopeNames.NameOf(scope).Replace(" ", " or ", StringComparison.Ordinal)}."
            );
        }
    }

    /// <summary>The scopes that give a token the permission, any one of them; none for what only people may do.</summary>
    public static TokenScopes ScopesFor(Permission permission) => RuleOf(permission).Scope;

    /// <summary>Everybody who may, in words for the middle of a sentence: <c>an admin or owner</c>.</summary>
    public static string WhoMay(Permission permission) =>
        RuleOf(permission).Role switch
        {
            Role.Viewer => "every member",
            Role.Operator => "an operator, admin or owner",
            Role.Admin => "an admin or owner",
            Role.Owner => "an owner",
            _ => throw new InvalidOperationException($"No words for {permission}."),
        };

    /// <summary>True for what concerns the installation as a whole, false for what concerns one project.</summary>
    public static bool IsOfInstallation(Permission permission) => permission >= Permission.ManageProjects;

    private static Guid Required(Permission permission, Guid? projectId) =>
        projectId ?? throw new ArgumentNullException(nameof(projectId), $"{permission} is asked for one project.");

    // Any one of the scopes is enough: whoever may write webhooks sees what was written.
    private static (Role Role, TokenScopes Scope) RuleOf(Permission permission) =>
        permission switch
        {
            Permission.ViewWebhooks => (Role.Viewer, TokenScopes.WebhooksRead | TokenScopes.WebhooksWrite),
            Permission.ViewDeliveries => (Role.Viewer, TokenScopes.DeliveriesRead),
            Permission.PostEvents => (Role.Operator, TokenScopes.EventsWrite),
            Permission.ManageWebhooks => (Role.Operator, TokenScopes.WebhooksWrite),
            Permission.ReplayDeliveries => (Role.Operator, TokenScopes.DeliveriesReplay),
            Permission.ReplayWhileDisabled => (Role.Admin, TokenScopes.DeliveriesReplay),
            Permission.ManageInboxes => (Role.Operator, TokenScopes.None),
            Permission.SeeNewSecret => (Role.Admin, TokenScopes.WebhooksWrite),
            Permission.RotateSecrets => (Role.Admin, TokenScopes.SecretsRotate),
            Permission.DeleteWebhooks => (Role.Admin, TokenScopes.WebhooksWrite),
            Permission.ManageEventTypes => (Role.Admin, TokenScopes.WebhooksWrite),
            Permission.ManageTokens => (Role.Admin, TokenScopes.None),
            Permission.ManageMembers => (Role.Admin, TokenScopes.None),
            Permission.RevealSecrets => (Role.Admin, TokenScopes.None),
            Permission.ViewAudit => (Role.Admin, TokenScopes.AuditRead),
            Permission.ManageProjects => (Role.Owner, TokenScopes.None),
            Permission.ManagePeople => (Role.Owner, TokenScopes.None),
            Permission.ManageInstallation => (Role.Owner, TokenScopes.None),
            _ => throw new InvalidOperationException($"No rule for {permission}."),
        };
}

/// <summary>The names of scopes in the API and on screens.</summary>
public static class TokenScopeNames
{
    private static readonly (TokenScopes Scope, string Name)[] s_names =
    [
        (TokenScopes.EventsWrite, "events:write"),
        (TokenScopes.DeliveriesRead, "deliveries:read"),
        (TokenScopes.DeliveriesReplay, "deliveries:replay"),
        (TokenScopes.WebhooksRead, "webhooks:read"),
        (TokenScopes.WebhooksWrite, "webhooks:write"),
        (TokenScopes.SecretsRotate, "secrets:rotate"),
        (TokenScopes.AuditRead, "audit:read"),
    ];

    public static IReadOnlyList<(TokenScopes Scope, string Name)> All => s_names;

    public static string NameOf(TokenScopes scope) => string.Join(' ', s_names.Where(n => scope.HasFlag(n.Scope)).Select(n => n.Name));
}
