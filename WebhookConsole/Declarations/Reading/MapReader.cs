using System.Globalization;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;

namespace WebhookConsole.Declarations.Reading;

/// <summary>Reads the members of a map and collects everything that is wrong with them.</summary>
internal sealed class MapReader
{
    private readonly DocumentNode _map;
    private readonly List<DocumentProblem> _problems;

    /// <param name="map">Something else than a map is a problem, and has no members.</param>
    /// <param name="what">What it describes, such as <c>a webhook</c>.</param>
    /// <param name="known">The members that it may have.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public MapReader(DocumentNode map, string what, IReadOnlyList<string> known, List<DocumentProblem> problems)
    {
        (_map, _problems) = (map, problems);
        if (map.Kind != NodeKind.Map)
        {
            Report(map, $"Write {what} as a map with {string.Join(", ", known)}.");
        }

        foreach (DocumentMember unknown in map.Members.Where(m => !known.Contains(m.Name, StringComparer.Ordinal)))
        {
            string meant = NearestName.Of(unknown.Name, known) is { } name ? $" Did you mean '{name}'?" : "";
            Report(unknown.Key, $"'{OutsideText.Excerpt(unknown.Name)}' is not a member of {what}.{meant} It has {string.Join(", ", known)}.");
        }
    }

    public bool Has(string name) => _map[name] is not null;

    /// <summary>The value, or the map itself where the member is missing, to point at in a problem.</summary>
    public DocumentNode Place(string name) => _map[name] ?? _map;

    public void Report(DocumentNode at, string message) => _problems.Add(new DocumentProblem(at.Line, at.Column, message));

    /// <summary>A text that has to be there.</summary>
    public string? Required(string name)
    {
        string? text = Text(name);
        if (!Has(name))
        {
            Report(_map, $"'{name}' is missing.");
        }
        else if (text is null && _map[name]!.Kind == NodeKind.Null)
        {
            Report(Place(name), $"'{name}' is empty.");
        }

        return text;
    }

    /// <summary>Null when it is missing, null or no text.</summary>
    public string? Text(string name) =>
        _map[name] switch
        {
            null or { Kind: NodeKind.Null } => null,
            { Kind: NodeKind.Text or NodeKind.Plain } node => node.Text,
            var node => Refuse<string>(node, $"'{name}' is a text."),
        };

    public bool? Flag(string name) =>
        _map[name] switch
        {
            null => null,
            { Kind: NodeKind.Plain, Text: "true" } => true,
            { Kind: NodeKind.Plain, Text: "false" } => false,
            var node => RefuseValue<bool>(node, $"'{name}' is true or false."),
        };

    public int? Number(string name) =>
        _map[name] switch
        {
            null or { Kind: NodeKind.Null } => null,
            { Kind: NodeKind.Plain } node when int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
            var node => RefuseValue<int>(node, $"'{name}' is a whole number."),
        };

    /// <summary>Null when it is missing or null.</summary>
    public IReadOnlyList<DocumentNode>? List(string name) =>
        _map[name] switch
        {
            null or { Kind: NodeKind.Null } => null,
            { Kind: NodeKind.List } node => node.Items,
            var node => Refuse<IReadOnlyList<DocumentNode>>(node, $"'{name}' is a list."),
        };

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (_map[name] is { Kind: NodeKind.Text or NodeKind.Plain, Text: { } one })
        {
            return [one];
        }

        if (List(name) is not { } items)
        {
            return null;
        }

        foreach (DocumentNode item in items.Where(i => i.Kind is not (NodeKind.Text or NodeKind.Plain)))
        {
            Report(item, $"'{name}' is a list of texts.");
        }

        return [.. items.Select(i => i.Text ?? "")];
    }

    private T? Refuse<T>(DocumentNode node, string message)
        where T : class
    {
        Report(node, message);
        return null;
    }

    private T? RefuseValue<T>(DocumentNode node, string message)
        where T : struct
    {
        Report(node, message);
        return null;
    }
}
