using System.Globalization;
using System.Text;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>What a payload must contain to be found.</summary>
public abstract record PayloadCondition
{
    /// <param name="payload">Compact JSON, as stored.</param>
    public abstract bool Matches(ReadOnlySpan<byte> payload);

    private protected static byte[] Quoted(string text)
    {
        System.Buffers.ArrayBufferWriter<byte> written = new();
        CompactJson.TryWrite(JsonSerializer.SerializeToUtf8Bytes(text), written, out _);
        return written.WrittenSpan.ToArray();
    }
}

/// <summary>A text that occurs anywhere in the payload, with upper and lower case as written.</summary>
public sealed record PayloadText : PayloadCondition
{
    private readonly byte[] _bytes;

    public PayloadText(string text)
    {
        Text = text;

        // In the payload, quotes and line feeds are escaped.
        _bytes = Quoted(text)[1..^1];
    }

    public string Text { get; }

    public override bool Matches(ReadOnlySpan<byte> payload) => payload.IndexOf(_bytes) >= 0;

    public bool Equals(PayloadText? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>
/// A field with a value. A value without quotes is compared with strings, numbers, true, false and null; one in quotes with strings
/// only.
/// </summary>
public sealed record PayloadField : PayloadCondition
{
    private readonly byte[] _value;
    private readonly byte[]? _literal;
    private readonly decimal? _number;
    private readonly byte[]? _lastName;

    /// <param name="path">As the person wrote it.</param>
    /// <param name="steps">The path, read.</param>
    /// <param name="value">Without quotes.</param>
    /// <param name="isText">True when it was in quotes.</param>
    public PayloadField(string path, IReadOnlyList<PathStep> steps, string value, bool isText)
    {
        (Path, Steps, Value, IsText) = (path, steps, value, isText);
        _value = Encoding.UTF8.GetBytes(value);
        if (!isText)
        {
            _literal = value is "true" or "false" or "null" ? _value : null;
            _number = decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;
        }

        // This name rules out most payloads before they are read.
        _lastName = steps.LastOrDefault(s => s.Name is not null).Name is { } name ? Quoted(name) : null;
    }

    public string Path { get; }

    public IReadOnlyList<PathStep> Steps { get; }

    public string Value { get; }

    public bool IsText { get; }

    public override bool Matches(ReadOnlySpan<byte> payload)
    {
        if (_lastName is not null && payload.IndexOf(_lastName) < 0)
        {
            return false;
        }

        Utf8JsonReader reader = new(payload, new JsonReaderOptions { MaxDepth = CompactJson.MaxDepth });
        try
        {
            return reader.Read() && Matches(ref reader, 0);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Payloads are checked when they are accepted; one that cannot be read after all (a lone surrogate) cannot be equal either.
            return false;
        }
    }

    public bool Equals(PayloadField? other) => other is not null && (other.Path, other.Value, other.IsText) == (Path, Value, IsText);

    public override int GetHashCode() => HashCode.Combine(Path, Value, IsText);

    // The reader is at the first token of a value, and at its last one when this returns false.
    private bool Matches(ref Utf8JsonReader reader, int step)
    {
        if (step == Steps.Count)
        {
            bool equal = IsEqual(ref reader);
            reader.Skip();
            return equal;
        }

        PathStep wanted = Steps[step];
        JsonTokenType container = wanted.Name is null ? JsonTokenType.StartArray : JsonTokenType.StartObject;
        if (reader.TokenType != container)
        {
            reader.Skip();
            return false;
        }

        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject); index++)
        {
            bool into = wanted.Name is { } name ? reader.ValueTextEquals(name) : wanted.Index is null || wanted.Index == index;
            if (wanted.Name is not null)
            {
                reader.Read();
            }

            if (into && Matches(ref reader, step + 1))
            {
                return true;
            }

            if (!into)
            {
                reader.Skip();
            }
        }

        return false;
    }

    private bool IsEqual(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.ValueTextEquals(_value),
            JsonTokenType.Number => _number is { } number && reader.TryGetDecimal(out decimal given)
                ? given == number
                : !IsText && reader.ValueSpan.SequenceEqual(_value),
            JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => _literal is not null && reader.ValueSpan.SequenceEqual(_literal),
            _ => false,
        };
}
