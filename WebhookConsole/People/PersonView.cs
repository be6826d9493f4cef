using WebhookConsole.Domain;

namespace WebhookConsole.People;

/// <summary>Whether somebody can sign in.</summary>
public enum PersonState
{
    /// <summary>Has not joined yet: there is no password, only a link.</summary>
    Invited = 0,

    Active = 1,

    /// <summary>Locked for a few minutes after too many wrong passwords.</summary>
    Locked = 2,
}

/// <summary>A project as lists of people show it.</summary>
public sealed record ProjectName(Guid Id, string Slug, string Name);

/// <summary>A person as the screens show them.</summary>
public sealed record PersonView
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    /// <summary>Null where only the address is known.</summary>
    public string? DisplayName { get; init; }

    public required Role Role { get; init; }

    public required PersonState State { get; init; }

    public bool TwoFactor { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>When the one-time link expires; null when there is none.</summary>
    public DateTimeOffset? LinkExpiresAt { get; init; }

    /// <summary>Memberships, by name. Owners also belong to all other projects.</summary>
    public required IReadOnlyList<ProjectName> Projects { get; init; }

    /// <summary>What to call them.</summary>
    public string Name => DisplayName ?? Email;
}
