using System.Buffers;
using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api;

/// <summary>Reads posted events out of request bodies in one pass; payloads come out compact, as they are stored, signed and sent.</summary>
internal static class EventReader
{
    // The payload may be 64 deep by itself; the envelope and a batch's array are around it.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = CompactJson.MaxDepth + 8 };

    /// <summary>Reads the one event of a body.</summary>
    /// <exception cref="RuleException">Malformed, or a field is missing or wrong.</exception>
    public static PostedEvent Read(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body, s_options);
        try
        {
            reader.Read();
            PostedEvent posted = ReadObject(ref reader);
            return reader.Read() ? throw BodyReader.Malformed("something follows the JSON value") : posted;
        }
        catch (JsonException exception)
        {
            throw Malformed(exception, body, reader.TokenStartIndex);
        }
    }

    /// <summary>Reads a JSON array of events, or one event a line (NDJSON). What is wrong with one item is its own error.</summary>
    /// <exception cref="RuleException">The array is malformed, or there are too many items.</exception>
    public static List<(PostedEvent? Event, RuleException? Error)> ReadBatch(ReadOnlySpan<byte> body)
    {
        int start = body.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? throw RuleException.Invalid("$", "The batch is empty: send a JSON array of events, or one event a line.")
            : body[start] == (byte)'[' ? ReadArray(body)
            : ReadLines(body);
    }

    private static List<(PostedEvent? Event, RuleException? Error)> ReadArray(ReadOnlySpan<byte> body)
    {
        List<(PostedEvent?, RuleException?)> items = [];
        Utf8JsonReader reader = new(body, s_options);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                DemandRoom(items.Count);
                Utf8JsonReader item = reader;
                try
                {
                    items.Add((ReadObject(ref item), null));
                    reader = item;
                }
                catch (RuleException exception)
                {
                    items.Add((null, exception));
                    reader.Skip();
                }
                catch (JsonException exception) when (exception.LineNumber is null)
                {
                    // Not the reader's but the payload writer's: too deep or not UTF-8. The array itself goes on.
                    items.Add((null, Malformed(exception, body, item.TokenStartIndex)));
                    reader.Skip();
                }
            }

            return reader.Read() ? throw BodyReader.Malformed("something follows the array") : items;
        }
        catch (JsonException exception)
        {
            throw Malformed(exception, body, reader.TokenStartIndex);
        }
    }

    private static List<(PostedEvent? Event, RuleException? Error)> ReadLines(ReadOnlySpan<byte> body)
    {
        List<(PostedEvent?, RuleException?)> items = [];
        foreach (Range range in body.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = body[range];
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
            {
                continue;
            }

            DemandRoom(items.Count);
            try
            {
                items.Add((Read(line), null));
            }
            catch (RuleException exception)
            {
                items.Add((null, exception));
            }
        }

        return items;
    }

    private static PostedEvent ReadObject(ref Utf8JsonReader reader)
    {
        try
        {
            return ReadFields(ref reader);
        }
        catch (InvalidOperationException)
        {
            throw BodyReader.NotText();
        }
    }

    private static PostedEvent ReadFields(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw RuleException.Invalid("$", "An event is a JSON object with 'type' and 'payload'.");
        }

        string? type = null;
        string? id = null;
        byte[]? payload = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = Text(ref reader, "type");
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.Null ? null : CheckClientId(Text(ref reader, "id"), "id");
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                reader.Read();
                payload = Payload(ref reader);
            }
            else
            {
                string name = reader.GetString() ?? "";
                throw RuleException.Invalid(name, $"There is no field '{name}' in an event; its fields are type, payload and id.");
            }
        }

        return !EventTypeName.IsValid(type) ? throw RuleException.Invalid("type", EventTypeName.Rule)
            : payload is null ? throw RuleException.Invalid("payload", "The payload is missing; any JSON value will do, also null.")
            : new PostedEvent(type!, payload, id);
    }

    /// <summary>The rule for ids that senders choose: 1–200 printable ASCII characters.</summary>
    public static string CheckClientId(string id, string field) =>
        id.Length is > 0 and <= EventIntake.MaxClientIdLength && id.All(c => c is > ' ' and <= '~')
            ? id
            : throw RuleException.Invalid(field, $"An id is 1–{EventIntake.MaxClientIdLength} printable ASCII characters without spaces.");

    private static string Text(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw RuleException.Invalid(name, $"'{name}' is a text.");

    private static byte[] Payload(ref Utf8JsonReader reader)
    {
        ArrayBufferWriter<byte> output = new(512);
        CompactJson.WriteValue(ref reader, output);
        return output.WrittenCount <= EventIntake.MaxPayload
            ? output.WrittenSpan.ToArray()
            : throw new RuleException(
                RefusalKind.TooLarge,
                "payload_too_large",
                $"The payload has {output.WrittenCount:N0} bytes as compact JSON; at most {EventIntake.MaxPayload:N0} are taken."
            );
    }

    private static void DemandRoom(int count)
    {
        if (count >= EventIntake.MaxBatch)
        {
            throw new RuleException(RefusalKind.TooLarge, "payload_too_large", $"A batch has at most {EventIntake.MaxBatch:N0} events.");
        }
    }

    // The reader's own errors carry their place; those of the payload writer do not.
    private static RuleException Malformed(JsonException exception, ReadOnlySpan<byte> body, long tokenStart)
    {
        if (exception.LineNumber is not null)
        {
            return BodyReader.Malformed(exception);
        }

        ReadOnlySpan<byte> before = body[..(int)Math.Min(tokenStart, body.Length)];
        return BodyReader.Malformed(
            $"{exception.Message.TrimEnd('.')} (line {before.Count((byte)'\n') + 1}, byte {before.Length - before.LastIndexOf((byte)'\n')})"
        );
    }
}
