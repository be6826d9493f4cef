using WebhookConsole.Domain;

namespace WebhookConsole.Audit;

/// <summary>Which entries to show, as the URL says. The page and the export read the same one.</summary>
public sealed record AuditFilter
{
    private const int MaxTextLength = 200;

    public string? Action { get; init; }

    /// <summary>Part of the actor's name.</summary>
    public string? Actor { get; init; }

    public Guid? Target { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Entries of the installation instead of the project.</summary>
    public bool Installation { get; init; }

    /// <summary>True when nothing is filtered.</summary>
    public bool IsEmpty => this with { Installation = false } == new AuditFilter();

    /// <summary>Reads the values of a URL; null and empty ones filter nothing.</summary>
    /// <returns>The sentence to show for a value that cannot be read; null when all can, and then <paramref name="filter"/> holds them.</returns>
    public static string? Read(string? action, string? actor, string? target, string? since, string? until, string? scope, out AuditFilter filter)
    {
        filter = new AuditFilter
        {
            Action = TextOf(action),
            Actor = TextOf(actor),
            Target = Ids.TryRead(TextOf(target), out Guid id, out _) ? id : null,
            Since = TimeOf(TextOf(since)),
            Until = TimeOf(TextOf(until)),
            Installation = scope == "installation",
        };
        string?[] all = [action, actor, target, since, until, scope];
        return all.Any(IsUnreadable) ? $"A filter has at most {MaxTextLength} printable characters."
            : filter.Target is null && TextOf(target) is not null ? "The target is the id of a webhook, token, inbox or person."
            : (filter.Since is null && TextOf(since) is not null) || (filter.Until is null && TextOf(until) is not null) ? $"A time is {Rfc3339.Rule}."
            : filter.Since > filter.Until ? "The time range ends before it begins."
            : TextOf(scope) is not (null or "installation") ? "The scope is either left out or 'installation'."
            : null;
    }

    /// <summary>Writes it as the query of a URL: empty, or beginning with <c>?</c>.</summary>
    /// <param name="more">Further values, such as the page; null ones are left out.</param>
    public string ToQuery(params ReadOnlySpan<(string Name, string? Value)> more)
    {
        (string Name, string? Value)[] own =
        [
            ("action", Action),
            ("actor", Actor),
            ("target", Target?.ToString()),
            ("since", Since is { } since ? Rfc3339.Write(since) : null),
            ("until", Until is { } until ? Rfc3339.Write(until) : null),
            ("scope", Installation ? "installation" : null),
        ];
        string query = string.Join(
            '&',
            own.Concat(more.ToArray()).Where(v => !string.IsNullOrEmpty(v.Value)).Select(v => $"{v.Name}={Uri.EscapeDataString(v.Value!)}")
        );
        return query.Length == 0 ? "" : "?" + query;
    }

    /// <summary>One page of the filtered entries.</summary>
    public AuditQuery PageOf(Guid? before, int limit) =>
        new()
        {
            Action = Action,
            Actor = Actor,
            TargetId = Target,
            Since = Since,
            Until = Until,
            Before = before,
            Limit = limit,
        };

    // No entry contains such text, and PostgreSQL refuses even to search for it. Ignoring the filter would show the wrong entries.
    private static bool IsUnreadable(string? value) => value?.Trim() is { } text && (text.Length > MaxTextLength || !ShownName.IsPlain(text));

    private static string? TextOf(string? value) => value?.Trim() is { Length: > 0 and <= MaxTextLength } text ? text : null;

    private static DateTimeOffset? TimeOf(string? value) => Rfc3339.TryRead(value, out DateTimeOffset time, out _) ? time : null;
}
