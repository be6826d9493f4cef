namespace WebhookConsole.Domain;

/// <summary>What a person is in this installation (specification §2). Each role may do everything that the one before it may.</summary>
public enum Role
{
    Viewer = 0,
    Operator = 1,
    Admin = 2,
    Owner = 3,
}

public enum ActorKind
{
    User = 0,
    Token = 1,
    System = 2,
}

/// <summary>Who asks: a person or an API token, with what the rules need to know about them.</summary>
public sealed record Actor
{
    public required ActorKind Kind { get; init; }

    public Guid? Id { get; init; }

    /// <summary>What the audit log calls them: the e-mail address of a person, the name of a token.</summary>
    public required string Name { get; init; }

    /// <summary>The name that a person chose; null where only the address is known.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The role of a person; null for a token.</summary>
    public Role? Role { get; init; }

    /// <summary>The scopes of a token.</summary>
    public TokenScopes Scopes { get; init; }

    /// <summary>Projects they belong to. An owner belongs to all.</summary>
    public IReadOnlySet<Guid> Projects { get; init; } = new HashSet<Guid>();

    public string? RemoteAddress { get; init; }

    public bool IsMember(Guid projectId) => Kind == ActorKind.System || Role == Domain.Role.Owner || Projects.Contains(projectId);

    /// <summary>The installation itself, for set-up and jobs.</summary>
    public static Actor System { get; } =
        new()
        {
            Kind = ActorKind.System,
            Name = "System",
            Role = Domain.Role.Owner,
        };
}
