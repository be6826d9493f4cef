using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace WebhookConsole.Domain;

/// <summary>
/// Writes a JSON value the way JavaScript's <c>JSON.stringify(JSON.parse(text))</c> does (ECMA-262, QuoteJSONString), so that receivers
/// who re-serialise the body before they verify it get the bytes that were signed (specification §6): no insignificant white space, nothing
/// escaped that need not be, lone surrogates kept as <c>\udxxx</c>. Unlike JavaScript it keeps number literals (<c>1.0</c>, twenty
/// digits), the order of the keys and duplicate keys as they came. The result is never longer than the input.
/// </summary>
public static class CompactJson
{
    /// <summary>How deep arrays and objects may nest (specification §6).</summary>
    public const int MaxDepth = 64;

    /// <summary>Compacts text that holds exactly one JSON value.</summary>
    /// <param name="json">UTF-8 without a byte order mark.</param>
    /// <param name="output">Receives the compact value; ignore its content on failure.</param>
    /// <param name="fault">What is wrong and where.</param>
    public static bool TryWrite(ReadOnlySpan<byte> json, IBufferWriter<byte> output, [NotNullWhen(false)] out JsonFault? fault)
    {
        // The reader may go one level too deep: the limit is checked below, where it gets its own sentence.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            reader.Read();
            WriteValue(ref reader, output);
            reader.Read();
        }
        catch (JsonException exception)
        {
            fault = Fault(exception, json[..(int)reader.TokenStartIndex]);
            return false;
        }

        fault = null;
        return true;
    }

    /// <summary>
    /// Compacts the value at which <paramref name="reader"/> is and leaves the reader at its last token. The reader must have all of
    /// the value and allow <see cref="MaxDepth"/> levels below its own; depth is counted from the value.
    /// </summary>
    /// <exception cref="JsonException">The value is not JSON, not UTF-8 or too deep.</exception>
    public static void WriteValue(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        int floor = reader.CurrentDepth;
        bool comma = false;
        while (true)
        {
            JsonTokenType token = reader.TokenType;
            bool ends = token is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (comma && !ends)
            {
                WriteByte(output, (byte)',');
            }

            comma = token is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);
            switch (token)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (reader.CurrentDepth - floor >= MaxDepth)
                    {
                        throw new JsonException($"Arrays and objects nest deeper than {MaxDepth} levels.");
                    }

                    WriteByte(output, token == JsonTokenType.StartObject ? (byte)'{' : (byte)'[');
                    break;
                case JsonTokenType.EndObject:
                    WriteByte(output, (byte)'}');
                    break;
                case JsonTokenType.EndArray:
                    WriteByte(output, (byte)']');
                    break;
                case JsonTokenType.PropertyName:
                    WriteString(ref reader, output);
                    WriteByte(output, (byte)':');
                    break;
                case JsonTokenType.String:
                    WriteString(ref reader, output);
                    break;
                default:
                    WriteLiteral(ref reader, output);
                    break;
            }

            bool starts = token is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (!starts && reader.CurrentDepth <= floor)
            {
                return;
            }

            if (!reader.Read())
            {
                throw new JsonException("The value is cut off.");
            }
        }
    }

    private static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    // Numbers, true, false and null are copied as they are.
    private static void WriteLiteral(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (reader.HasValueSequence)
        {
            foreach (ReadOnlyMemory<byte> segment in reader.ValueSequence)
            {
                output.Write(segment.Span);
            }
        }
        else
        {
            output.Write(reader.ValueSpan);
        }
    }

    private static void WriteString(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> raw = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;

        // The reader looks only for quotes and control characters; ill-formed UTF-8 would be stored, signed and refused by receivers.
        if (!Utf8.IsValid(raw))
        {
            throw new JsonException("A string is not valid UTF-8.");
        }

        Span<byte> span = output.GetSpan(raw.Length + 2);
        span[0] = (byte)'"';
        int length = 1;
        if (reader.ValueIsEscaped)
        {
            length += Unescape(raw, span[1..]);
        }
        else
        {
            raw.CopyTo(span[1..]);
            length += raw.Length;
        }

        span[length] = (byte)'"';
        output.Advance(length + 1);
    }

    // The reader has checked that every backslash begins a well-formed escape.
    private static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        int written = 0;
        while (!raw.IsEmpty)
        {
            int plain = raw.IndexOf((byte)'\\');
            if (plain != 0)
            {
                ReadOnlySpan<byte> run = plain < 0 ? raw : raw[..plain];
                run.CopyTo(destination[written..]);
                written += run.Length;
                raw = raw[run.Length..];
                continue;
            }

            int taken;
            if (raw[1] == (byte)'u')
            {
                taken = UnescapeUnicode(raw, destination[written..], out int used);
                written += used;
            }
            else
            {
                taken = 2;
                if (raw[1] != (byte)'/')
                {
                    destination[written++] = (byte)'\\';
                }

                destination[written++] = raw[1];
            }

            raw = raw[taken..];
        }

        return written;
    }

    // Returns how many bytes of the input the escape takes: 6, or 12 for a surrogate pair.
    private static int UnescapeUnicode(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        const int EscapeLength = 6;
        char unit = CodeUnit(raw);
        if (
            char.IsHighSurrogate(unit)
            && raw.Length >= 2 * EscapeLength
            && raw[EscapeLength] == '\\'
            && raw[EscapeLength + 1] == 'u'
            && CodeUnit(raw[EscapeLength..]) is char low
            && char.IsLowSurrogate(low)
        )
        {
            written = new Rune(unit, low).EncodeToUtf8(destination);
            return 2 * EscapeLength;
        }

        if (ShortEscape(unit) is byte letter and not 0)
        {
            destination[0] = (byte)'\\';
            destination[1] = letter;
            written = 2;
        }
        else if (unit < ' ' || char.IsSurrogate(unit))
        {
            "\\u"u8.CopyTo(destination);
            Utf8Formatter.TryFormat(unit, destination[2..], out _, new StandardFormat('x', 4));
            written = EscapeLength;
        }
        else
        {
            written = new Rune(unit).EncodeToUtf8(destination);
        }

        return EscapeLength;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte ShortEscape(char unit) =>
        unit switch
        {
            '\b' => (byte)'b',
            '\t' => (byte)'t',
            '\n' => (byte)'n',
            '\f' => (byte)'f',
            '\r' => (byte)'r',
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            _ => 0,
        };

    // The reader's own errors have a position and append it to the message; ours point at the token.
    private static JsonFault Fault(JsonException exception, ReadOnlySpan<byte> before)
    {
        if (exception is { LineNumber: { } line, BytePositionInLine: { } position })
        {
            int suffix = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return new JsonFault(suffix < 0 ? exception.Message : exception.Message[..suffix], line + 1, position + 1);
        }

        return new JsonFault(exception.Message, before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}

/// <summary>Why text is not acceptable JSON.</summary>
/// <param name="Message">A sentence.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="BytePosition">Byte in the line, from 1.</param>
public sealed record JsonFault(string Message, long Line, long BytePosition);
