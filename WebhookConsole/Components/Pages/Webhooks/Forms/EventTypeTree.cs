using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>How much of a row of the tree is chosen.</summary>
public enum PickState
{
    None = 0,

    /// <summary>Some of the types below it.</summary>
    Mixed = 1,

    Chosen = 2,

    /// <summary>Chosen by a wildcard above it, which is also where it can be taken out again.</summary>
    Covered = 3,
}

/// <summary>A row of the tree: a type, or a group of all types with a prefix.</summary>
/// <param name="Pattern">What choosing it adds to the filter: <c>order.created</c> or <c>order.*</c>.</param>
/// <param name="Level">Depth from 1.</param>
/// <param name="Type">Its entry in the catalogue; null for a group and for a type that no event has had yet.</param>
/// <param name="Types">How many types of the catalogue a group holds; 0 for a type.</param>
/// <param name="Open">Whether a group shows what is in it; null where there is nothing to show.</param>
public sealed record PickRow(string Pattern, int Level, EventType? Type, int Types, bool? Open, PickState State)
{
    public bool IsGroup => Pattern.EndsWith('*');
}

/// <summary>
/// The catalogue as a tree by prefix, with what a filter has chosen of it. A group stands for its wildcard (<see cref="EventFilter"/>),
/// so that types which are added later are in it as well.
/// </summary>
public sealed class EventTypeTree
{
    private readonly EventType[] _types;
    private readonly Dictionary<string, EventType> _known;
    private readonly HashSet<string> _chosen;
    private readonly SortedSet<string> _names;

    /// <param name="chosen">Exact types and wildcards; those that the catalogue does not have are in the tree, too.</param>
    public EventTypeTree(IReadOnlyList<EventType> types, IEnumerable<string> chosen)
    {
        _types = [.. types];
        _known = types.ToDictionary(t => t.Name, StringComparer.Ordinal);
        _chosen = chosen.ToHashSet(StringComparer.Ordinal);
        _names = new SortedSet<string>(types.Select(t => t.Name).Concat(_chosen), StringComparer.Ordinal);
    }

    /// <summary>The rows to show, in order.</summary>
    /// <param name="search">Only types whose name or description contains it, with all groups open; empty for all.</param>
    /// <param name="isOpen">Whether a group, by its wildcard, is open.</param>
    public IReadOnlyList<PickRow> Rows(string search, Func<string, bool> isOpen)
    {
        List<PickRow> rows = [];
        string[] names = [.. _names.Where(n => Finds(n, search))];
        Add(rows, names, "", 1, search.Length > 0 ? _ => true : isOpen);
        return rows;
    }

    /// <summary>Adds what a row stands for to the filter, or takes it out; a covered row stays.</summary>
    /// <returns>The patterns of the filter.</returns>
    public IReadOnlyList<string> Toggle(string pattern)
    {
        HashSet<string> next = new(_chosen, StringComparer.Ordinal);
        if (CoverOf(pattern) is not null)
        {
            return [.. next];
        }

        if (!next.Remove(pattern))
        {
            // A wildcard makes what it covers redundant.
            next.RemoveWhere(p => IsWildcard(pattern) && p.StartsWith(pattern[..^1], StringComparison.Ordinal));
            next.Add(pattern);
        }

        return [.. next];
    }

    /// <summary>The wildcard above that lets a pattern through already; null when there is none.</summary>
    public string? CoverOf(string pattern) => Prefixes(pattern).Select(p => p + "*").FirstOrDefault(w => w != pattern && _chosen.Contains(w));

    private void Add(List<PickRow> rows, ReadOnlySpan<string> names, string prefix, int level, Func<string, bool> isOpen)
    {
        while (names.Length > 0)
        {
            int dot = names[0].IndexOf('.', prefix.Length);
            string group = dot < 0 ? names[0] + "." : names[0][..(dot + 1)];
            int count = 0;
            while (count < names.Length && (names[count] + ".").StartsWith(group, StringComparison.Ordinal))
            {
                count++;
            }

            ReadOnlySpan<string> inside = names[..count];
            if (dot < 0)
            {
                rows.Add(new PickRow(names[0], level, _known.GetValueOrDefault(names[0]), 0, null, StateOf(names[0])));
                inside = inside[1..];
            }

            if (inside.Length > 0)
            {
                AddGroup(rows, inside, group, level, isOpen);
            }

            names = names[count..];
        }
    }

    private void AddGroup(List<PickRow> rows, ReadOnlySpan<string> inside, string prefix, int level, Func<string, bool> isOpen)
    {
        string wildcard = prefix + "*";
        if (level > 1 && inside is [string only] && only != wildcard)
        {
            // A group below a group that holds one type would only add depth.
            AddOnly(rows, inside, only, level, isOpen);
            return;
        }

        inside = inside[0] == wildcard ? inside[1..] : inside;
        bool? open = inside.Length == 0 ? null : isOpen(wildcard);
        rows.Add(new PickRow(wildcard, level, null, _types.Count(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)), open, StateOf(wildcard)));
        if (open == true)
        {
            Add(rows, inside, prefix, level + 1, isOpen);
        }
    }

    private void AddOnly(List<PickRow> rows, ReadOnlySpan<string> inside, string only, int level, Func<string, bool> isOpen)
    {
        if (IsWildcard(only))
        {
            AddGroup(rows, inside, only[..^1], level, isOpen);
        }
        else
        {
            rows.Add(new PickRow(only, level, _known.GetValueOrDefault(only), 0, null, StateOf(only)));
        }
    }

    private PickState StateOf(string pattern) =>
        CoverOf(pattern) is not null ? PickState.Covered
        : _chosen.Contains(pattern) ? PickState.Chosen
        : IsWildcard(pattern) && _chosen.Any(c => c.StartsWith(pattern[..^1], StringComparison.Ordinal)) ? PickState.Mixed
        : PickState.None;

    private bool Finds(string name, string search) =>
        search.Length == 0
        || name.Contains(search, StringComparison.OrdinalIgnoreCase)
        || _known.GetValueOrDefault(name)?.Description.Contains(search, StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsWildcard(string pattern) => pattern.EndsWith(".*", StringComparison.Ordinal);

    // "a.b.c" has the prefixes "a." and "a.b.".
    private static IEnumerable<string> Prefixes(string pattern)
    {
        for (int dot = pattern.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = pattern.IndexOf('.', dot + 1))
        {
            yield return pattern[..(dot + 1)];
        }
    }
}
