using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>How a common serialiser writes JSON, so that the Verifier can prove that a body went through it.</summary>
/// <param name="Name">Completes "in the form that … writes".</param>
internal sealed record JsonStyle(string Name)
{
    // JavaScript's compact form is the one that CompactJson writes.
    public static IReadOnlyList<JsonStyle> All { get; } =
    [
        new("Python's json.dumps") { Spaced = true, Ascii = true },
        new("Python's json.dumps with ensure_ascii=False") { Spaced = true },
        new("Python's json.dumps with separators=(',', ':')") { Ascii = true },
        new("PHP's json_encode") { Ascii = true, Escaped = "/" },
        new("PHP's json_encode with JSON_UNESCAPED_UNICODE") { Escaped = "/" },
        new(".NET's JsonSerializer")
        {
            Ascii = true,
            Upper = true,
            Escaped = "\"&'+<>`\u007f",
        },
        new("JSON.stringify with an indent of 2") { Indent = 2 },
        new("a pretty printer with an indent of 4") { Indent = 4 },
        new("a serialiser that sorts the keys") { Sorted = true },
        new("Python's json.dumps with sort_keys=True")
        {
            Spaced = true,
            Ascii = true,
            Sorted = true,
        },
        new("Go's json.Marshal of a map") { Escaped = "&<>", Sorted = true },
        new("Go's json.Marshal of a struct") { Escaped = "&<>" },
    ];

    /// <summary>A space after each comma and colon.</summary>
    public bool Spaced { get; init; }

    /// <summary>Spaces per level; 0 for a single line.</summary>
    public int Indent { get; init; }

    /// <summary>Characters that are not ASCII become <c>\uxxxx</c>.</summary>
    public bool Ascii { get; init; }

    /// <summary>Hex digits in capitals.</summary>
    public bool Upper { get; init; }

    /// <summary>ASCII characters that are escaped unnecessarily; the slash as <c>\/</c>, others as <c>\uxxxx</c>.</summary>
    public string Escaped { get; init; } = "";

    public bool Sorted { get; init; }

    /// <summary>Writes the value again. Numbers stay as they are written.</summary>
    /// <exception cref="InvalidOperationException">A string has a lone surrogate.</exception>
    public byte[] Write(JsonElement value)
    {
        StringBuilder text = new();
        Append(text, value, 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Append(StringBuilder text, JsonElement value, int level)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                IEnumerable<JsonProperty> properties = value.EnumerateObject();
                AppendItems(
                    text,
                    '{',
                    '}',
                    Sorted ? properties.OrderBy(p => p.Name, StringComparer.Ordinal) : properties,
                    level,
                    p =>
                    {
                        AppendText(text, p.Name);
                        text.Append(Spaced || Indent > 0 ? ": " : ":");
                        Append(text, p.Value, level + 1);
                    }
                );
                break;
            case JsonValueKind.Array:
                AppendItems(text, '[', ']', value.EnumerateArray(), level, item => Append(text, item, level + 1));
                break;
            case JsonValueKind.String:
                AppendText(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private void AppendItems<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int level, Action<T> append)
    {
        bool first = true;
        text.Append(open);
        foreach (T item in items)
        {
            text.Append(
                first ? ""
                : Spaced ? ", "
                : ","
            );
            NewLine(text, level + 1);
            append(item);
            first = false;
        }

        if (!first)
        {
            NewLine(text, level);
        }

        text.Append(close);
    }

    private void NewLine(StringBuilder text, int level)
    {
        if (Indent > 0)
        {
            text.Append('\n').Append(' ', Indent * level);
        }
    }

    private void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '/' when Escaped.Contains('/', StringComparison.Ordinal):
                    text.Append("\\/");
                    break;
                case '"' when !Escaped.Contains('"', StringComparison.Ordinal):
                    text.Append("\\\"");
                    break;
                case < ' ':
                case > '\u007f' when Ascii:
                case var _ when Escaped.Contains(c, StringComparison.Ordinal):
                    text.Append("\\u").Append(((int)c).ToString(Upper ? "X4" : "x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
