using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Controls;

/// <summary>A JSON field with line numbers. The line below it says whether the text is valid JSON and, if not, where it goes wrong.</summary>
public partial class JsonEditor
{
    private const int MinRows = 6;

    private string? _seen;
    private string? _error;
    private string _lines = "";
    private int _count;
    private int _bytes;

    /// <summary>Id of the field, for its label.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>Called when typing pauses.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>The most bytes of UTF-8 that the text may have.</summary>
    [Parameter, EditorRequired]
    public int MaxBytes { get; set; }

    /// <summary>True when the text may be empty.</summary>
    [Parameter]
    public bool Optional { get; set; }

    /// <summary>Names the field when it has no label.</summary>
    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    private string State =>
        _error ?? (Value.Length == 0 ? $"JSON, at most {Formats.Bytes(MaxBytes)}" : $"Valid JSON · {Formats.Bytes(_bytes)} of {Formats.Bytes(MaxBytes)}");

    /// <summary>The text indented by two spaces per level; unchanged when it is not JSON.</summary>
    public static string Indented(string json) => JsonTokens.TryFormat(json) is { } tokens ? string.Concat(tokens.Select(t => t.Text)) : json;

    protected override void OnParametersSet()
    {
        if (_seen == Value)
        {
            return;
        }

        _seen = Value;
        _bytes = Encoding.UTF8.GetByteCount(Value);
        _count = Value.Count(c => c == '\n') + 1;
        _lines = string.Join('\n', Enumerable.Range(1, _count).Select(n => n.ToString(CultureInfo.InvariantCulture)));
        _error = Optional && string.IsNullOrWhiteSpace(Value) || JsonInput.TryRead(Value, MaxBytes, out _, out string? error) ? null : error;
    }

    private Task ChangeAsync(string? text) => ValueChanged.InvokeAsync(text ?? "");

    private Task FormatAsync() => ValueChanged.InvokeAsync(Indented(Value));
}
