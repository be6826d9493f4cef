using System.Diagnostics.CodeAnalysis;

namespace WebhookConsole.Domain;

/// <summary>
/// Which event types a webhook gets: all, or any of a list of exact types and prefix wildcards such as <c>incident.*</c>
/// (specification §3). Matching is case-sensitive and ordinal.
/// </summary>
public sealed class EventFilter
{
    public const int MaxPatterns = 100;
    private const string AllPattern = "*";

    private readonly HashSet<string> _exact;
    private readonly string[] _prefixes;

    private EventFilter(IReadOnlyList<string> patterns)
    {
        Patterns = patterns;
        _exact = patterns.Where(p => !p.EndsWith('*')).ToHashSet(StringComparer.Ordinal);
        _prefixes = patterns.Where(p => p.EndsWith('*')).Select(p => p[..^1]).ToArray();
    }

    /// <summary>The filter that lets every event through.</summary>
    public static EventFilter All { get; } = new([AllPattern]);

    /// <summary>The patterns as given; <c>["*"]</c> for all.</summary>
    public IReadOnlyList<string> Patterns { get; }

    public bool IsAll => Patterns is [AllPattern];

    /// <summary>Reads a list of patterns. Null, or one that holds <c>*</c>, means all.</summary>
    /// <returns>False with a sentence in <paramref name="error"/> when the list is empty or a pattern is not a type or a <c>prefix.*</c>.</returns>
    public static bool TryCreate(IReadOnlyList<string>? patterns, [NotNullWhen(true)] out EventFilter? filter, [NotNullWhen(false)] out string? error)
    {
        filter = null;
        error = null;
        if (patterns is null || patterns.Contains(AllPattern, StringComparer.Ordinal))
        {
            filter = All;
            return true;
        }

        // A program whose list has become empty does not mean "everything".
        if (patterns.Count == 0)
        {
            error = "Choose at least one event type, or all events.";
            return false;
        }

        if (patterns.Count > MaxPatterns)
        {
            error = $"Choose at most {MaxPatterns} event types, or use a wildcard such as 'incident.*'.";
            return false;
        }

        foreach (string pattern in patterns)
        {
            string name =
                pattern is null ? ""
                : pattern.EndsWith(".*", StringComparison.Ordinal) ? pattern[..^2]
                : pattern;
            if (!EventTypeName.IsValid(name))
            {
                error =
                    $"'{OutsideText.Excerpt(pattern)}' is not an event type: use letters, digits, '.', '_' and '-', or a prefix wildcard such as 'incident.*'.";
                return false;
            }
        }

        filter = new EventFilter(patterns.Distinct(StringComparer.Ordinal).ToArray());
        return true;
    }

    /// <summary>True when an event of this type goes to the webhook.</summary>
    public bool Matches(string eventType) =>
        IsAll || _exact.Contains(eventType) || Array.Exists(_prefixes, p => eventType.StartsWith(p, StringComparison.Ordinal));

    /// <summary>The pattern that lets a type through, the exact one before a wildcard; null when none does.</summary>
    public string? PatternFor(string eventType) =>
        IsAll ? AllPattern
        : _exact.Contains(eventType) ? eventType
        : Array.Find(_prefixes, p => eventType.StartsWith(p, StringComparison.Ordinal)) is { } prefix ? prefix + AllPattern
        : null;

    /// <summary>The stored form: patterns joined with a space, which no pattern can hold.</summary>
    public override string ToString() => string.Join(' ', Patterns);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text was not written by <see cref="ToString"/>.</exception>
    public static EventFilter Parse(string text) =>
        TryCreate(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), out EventFilter? filter, out string? error)
            ? filter
            : throw new FormatException(error);
}
