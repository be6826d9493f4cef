using System.Text;
using System.Text.Json;

namespace WebhookConsole.Components.Controls;

internal enum JsonTokenKind
{
    Plain,
    Name,
    Text,
    Number,
    Literal,
}

internal readonly record struct JsonToken(JsonTokenKind Kind, string Text);

/// <summary>
/// Splits JSON into coloured pieces and indents it by two spaces per level. Strings and numbers keep the characters they were
/// sent with (<c>1.0</c> stays <c>1.0</c>, escapes stay escapes): the view must not show what was not on the wire.
/// </summary>
internal static class JsonTokens
{
    private const int MaxDepth = 128;

    /// <returns>Null when the text is not JSON.</returns>
    public static IReadOnlyList<JsonToken>? TryFormat(string json)
    {
        var writer = new Writer();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                writer.Add(reader);
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return writer.Tokens;
    }

    private sealed class Writer
    {
        private readonly StringBuilder _plain = new();
        private readonly List<JsonToken> _tokens = [];
        private int _depth;
        private bool _first = true;
        private bool _afterName;

        public IReadOnlyList<JsonToken> Tokens
        {
            get
            {
                Flush();
                return _tokens;
            }
        }

        public void Add(in Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    Separate();
                    _plain.Append(reader.TokenType == JsonTokenType.StartObject ? '{' : '[');
                    _depth++;
                    _first = true;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _depth--;
                    if (!_first)
                    {
                        NewLine();
                    }

                    _plain.Append(reader.TokenType == JsonTokenType.EndObject ? '}' : ']');
                    _first = false;
                    break;
                case JsonTokenType.PropertyName:
                    Separate();
                    Put(JsonTokenKind.Name, Quoted(reader));
                    _plain.Append(": ");
                    _afterName = true;
                    break;
                case JsonTokenType.String:
                    Separate();
                    Put(JsonTokenKind.Text, Quoted(reader));
                    break;
                default:
                    Separate();
                    Put(reader.TokenType == JsonTokenType.Number ? JsonTokenKind.Number : JsonTokenKind.Literal, Encoding.UTF8.GetString(reader.ValueSpan));
                    break;
            }
        }

        private static string Quoted(in Utf8JsonReader reader) => $"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"";

        private void Separate()
        {
            if (_afterName)
            {
                _afterName = false;
            }
            else if (_depth > 0)
            {
                if (!_first)
                {
                    _plain.Append(',');
                }

                NewLine();
            }

            _first = false;
        }

        private void NewLine() => _plain.Append('\n').Append(' ', _depth * 2);

        private void Put(JsonTokenKind kind, string text)
        {
            Flush();
            _tokens.Add(new JsonToken(kind, text));
        }

        private void Flush()
        {
            if (_plain.Length > 0)
            {
                _tokens.Add(new JsonToken(JsonTokenKind.Plain, _plain.ToString()));
                _plain.Clear();
            }
        }
    }
}

internal static class JsonTokenStyles
{
    public static string Css(this JsonTokenKind kind) =>
        kind switch
        {
            JsonTokenKind.Name => "j-name",
            JsonTokenKind.Text => "j-text",
            JsonTokenKind.Number => "j-number",
            _ => "j-literal",
        };
}
