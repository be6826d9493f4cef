using System.Buffers;

namespace WebhookConsole.Domain;

/// <summary>An entry of a project's event catalogue (specification §6).</summary>
public sealed class EventType
{
    public required Guid ProjectId { get; init; }

    public required string Name { get; init; }

    public string Description { get; set; } = "";

    /// <summary>A JSON payload for tests and documentation; null when none was given.</summary>
    public string? ExamplePayload { get; set; }

    /// <summary>True when nobody has declared it: it was added because an event of this type arrived.</summary>
    public bool Seen { get; set; }

    /// <summary>True when nobody should subscribe to it any more. Its events are still accepted and delivered.</summary>
    public bool Deprecated { get; set; }

    /// <summary>Raised by each edit; an edit that is based on an older one is refused.</summary>
    public int Version { get; set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// The last real event of a type; tests do not count. The engine writes it and people edit the type, so it is a row of its own: two
/// writers of one row would conflict at every event.
/// </summary>
public sealed class EventTypeActivity
{
    public required Guid ProjectId { get; init; }

    public required string Name { get; init; }

    /// <summary>Retention may have removed this event.</summary>
    public required Guid LastEventId { get; init; }

    public required DateTimeOffset LastEventAt { get; init; }
}

/// <summary>The rule for event type names: 1–128 of <c>A-Z a-z 0-9 . _ -</c> (specification §6).</summary>
public static class EventTypeName
{
    public const int MaxLength = 128;

    public const string Rule = "An event type is 1–128 letters, digits, '.', '_' or '-'.";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string? name) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(s_allowed);
}
