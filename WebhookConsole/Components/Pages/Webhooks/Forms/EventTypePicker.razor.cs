using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using WebhookConsole.Components.Controls;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>Chooses the event filter of a webhook from a searchable tree, and says what it matches now.</summary>
public partial class EventTypePicker
{
    private const int MaxRows = 200;

    // Up to here the whole tree fits on a screen.
    private const int MaxOpenTypes = 25;

    private const int Named = 3;

    private static readonly char[] s_separators = [' ', ',', ';', '\n', '\r', '\t'];

    private readonly HashSet<string> _toggled = new(StringComparer.Ordinal);
    private EventTypeTree _tree = new([], []);
    private string _search = "";

    [Parameter, EditorRequired]
    public WebhookForm Form { get; set; } = default!;

    /// <summary>The catalogue.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<EventType> Types { get; set; } = [];

    [Parameter, EditorRequired]
    public IReadOnlyDictionary<string, string[]> Errors { get; set; } = default!;

    private bool Operational => Form.Scope == WebhookScope.Operations;

    private bool Wrong => Errors.ContainsKey("eventTypes");

    private IReadOnlyList<PickRow> Rows { get; set; } = [];

    /// <summary>What is typed and could be added: types and prefixes that the filter does not have.</summary>
    private string[] New
    {
        get
        {
            string[] typed = [.. Split(_search).Where(t => !Form.Patterns.Contains(t)).Distinct(StringComparer.Ordinal)];
            return typed.Length > 0 && EventFilter.TryCreate(typed, out _, out _) ? typed : [];
        }
    }

    private string Matches
    {
        get
        {
            if (Form.Patterns.Count == 0)
            {
                return $"Choose types or groups. A group such as {(Operational ? "webhook" : "order")}.* includes types that are added later.";
            }

            if (!EventFilter.TryCreate([.. Form.Patterns], out EventFilter? filter, out string? error))
            {
                return error;
            }

            string[] matched = [.. Types.Where(t => filter.Matches(t.Name)).Select(t => t.Name)];
            int deprecated = Types.Count(t => t.Deprecated && filter.Matches(t.Name));
            string which =
                matched.Length == 0 ? "Matches none of the types known so far"
                : matched.Length == Types.Count ? $"Matches all {Formats.Count(Types.Count, "type", "types")} known so far"
                : $"Matches {Formats.Count(matched.Length)} of {Formats.Count(Types.Count, "type", "types")}{(matched.Length > Named ? ", including " : ": ")}{string.Join(", ", matched.Take(Named))}";
            return $"{which}.{(deprecated > 0 ? $" {Formats.Count(deprecated, "of them is", "of them are")} deprecated." : null)}";
        }
    }

    protected override void OnParametersSet() => Refresh();

    private static string[] Split(string text) => text.Split(s_separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Checked(PickRow row) =>
        row.State switch
        {
            PickState.Mixed => "mixed",
            PickState.None => "false",
            _ => "true",
        };

    private void Refresh()
    {
        _tree = new EventTypeTree(Types, Form.Patterns);
        Rows = _tree.Rows(_search.Trim(), IsOpen);
    }

    // Enter arrives after the text that was typed before it, however slow the connection is.
    private void AddOnEnter(KeyboardEventArgs e)
    {
        if (e.Key == "Enter")
        {
            AddTyped();
        }
    }

    private void AddTyped()
    {
        if (New.Length > 0)
        {
            Form.Patterns.UnionWith(New);
            _search = "";
            Refresh();
        }
    }

    private void Search(string? text)
    {
        _search = text ?? "";
        Refresh();
    }

    private bool IsOpen(string group) => Types.Count <= MaxOpenTypes != _toggled.Contains(group);

    private void Open(PickRow row)
    {
        if (!_toggled.Remove(row.Pattern))
        {
            _toggled.Add(row.Pattern);
        }

        Refresh();
    }

    private void Toggle(PickRow row)
    {
        IReadOnlyList<string> next = _tree.Toggle(row.Pattern);
        Form.Patterns.Clear();
        Form.Patterns.UnionWith(next);
        Refresh();
    }

    private void Remove(string pattern)
    {
        Form.Patterns.Remove(pattern);
        Refresh();
    }

    private RenderFragment Note(PickRow row) =>
        builder =>
        {
            string? note =
                row.State == PickState.Covered ? $"included in {_tree.CoverOf(row.Pattern)}"
                : row.IsGroup
                    ? row.Types == 0 ? "not seen yet"
                        : Formats.Count(row.Types, "type", "types")
                : row.Type is null ? "not seen yet"
                : row.Type.Description;
            if (row.Type is { Deprecated: true })
            {
                builder.OpenComponent<Chip>(0);
                builder.AddComponentParameter(1, nameof(Chip.Text), "Deprecated");
                builder.AddComponentParameter(2, nameof(Chip.Tone), Tone.Warn);
                builder.CloseComponent();
            }

            if (note.Length > 0)
            {
                builder.OpenElement(3, "span");
                builder.AddAttribute(4, "class", "hint");
                builder.AddContent(5, note);
                builder.CloseElement();
            }
        };
}
