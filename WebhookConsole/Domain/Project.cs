namespace WebhookConsole.Domain;

/// <summary>The unit of isolation: members, event types, webhooks, events and API tokens belong to one project (specification §1).</summary>
public sealed class Project
{
    public const string DefaultSlug = "default";

    public required Guid Id { get; init; }

    /// <summary>Lower-case name in addresses, 1–40 of <c>a-z 0-9 -</c>.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it exists. Its history stays in the database until it is too old to keep.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>One person's membership of one project.</summary>
public sealed class ProjectMember
{
    public required Guid ProjectId { get; init; }

    public required Guid UserId { get; init; }
}
