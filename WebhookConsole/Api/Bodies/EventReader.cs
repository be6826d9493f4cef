using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Bodies;

/// <summary>Reads posted events out of request bodies in one pass; payloads come out compact, as they are stored, signed and sent.</summary>
internal static class EventReader
{
    // The payload itself may be 64 levels deep; the envelope and a batch's array come on top.
    public static readonly JsonReaderOptions Options = new() { MaxDepth = CompactJson.MaxDepth + 8 };

    /// <summary>Reads the one event of a body.</summary>
    /// <exception cref="RuleException">Malformed, or a field is missing or wrong.</exception>
    public static PostedEvent Read(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body, Options);
        try
        {
            reader.Read();
            PostedEvent posted = ReadObject(ref reader);
            return reader.Read() ? throw BodyReader.Malformed("something follows the JSON value") : posted;
        }
        catch (JsonException exception)
        {
            throw Malformed(exception, TextPlace.Start.After(body[..(int)reader.TokenStartIndex]));
        }
    }

    /// <summary>Reads the event whose first token the reader is on, and leaves it on its last one.</summary>
    /// <exception cref="RuleException">A field is missing or wrong, or the event is cut off.</exception>
    /// <exception cref="JsonException">Malformed; without a place if the payload is too deep, not UTF-8, or cut off.</exception>
    public static PostedEvent ReadObject(ref Utf8JsonReader reader)
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
            throw RuleException.Invalid("$", "An event must be a JSON object with 'type' and 'payload'.");
        }

        string? type = null;
        string? id = null;
        bool named = false;
        byte[]? payload = null;
        while (ReadName(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                DemandOnce(ref reader, type is null, "type");
                type = Text(ref reader, "type");
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                DemandOnce(ref reader, !named, "id");
                named = true;
                id = reader.TokenType == JsonTokenType.Null ? null : CheckClientId(Text(ref reader, "id"), "id");
            }
            else if (reader.ValueTextEquals("payload"u8))
            {
                DemandOnce(ref reader, payload is null, "payload");
                payload = Payload(ref reader);
            }
            else
            {
                string name = reader.GetString() ?? "";
                throw RuleException.Invalid(
                    OutsideText.Excerpt(name),
                    $"There is no field '{OutsideText.Excerpt(name)}' in an event; its fields are type, payload and id."
                );
            }
        }

        return !EventTypeName.IsValid(type) ? throw RuleException.Invalid("type", EventTypeName.Rule)
            : payload is null ? throw RuleException.Invalid("payload", "The payload is missing; any JSON value will do, including null.")
            : new PostedEvent(type!, payload, id);
    }

    // This is false at the end of the object. The reader also returns false when more is to come, and stays on the token before.
    private static bool ReadName(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType == JsonTokenType.PropertyName : throw new JsonException("The event is cut off.");

    // The reader is on the name and moves to the value.
    private static void DemandOnce(ref Utf8JsonReader reader, bool first, string name)
    {
        if (!first)
        {
            throw RuleException.Invalid(name, $"The field '{name}' appears twice.");
        }

        reader.Read();
    }

    /// <summary>The rule for ids that senders choose: 1–200 printable ASCII characters.</summary>
    public static string CheckClientId(string id, string field) =>
        id.Length is > 0 and <= EventIntake.MaxClientIdLength && id.All(c => c is > ' ' and <= '~')
            ? id
            : throw RuleException.Invalid(field, $"An id must be 1–{EventIntake.MaxClientIdLength} printable ASCII characters without spaces.");

    private static string Text(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw RuleException.Invalid(name, $"'{name}' must be a string.");

    // The payload is assembled in a rented array first, so that an event costs only its own bytes.
    private static byte[] Payload(ref Utf8JsonReader reader)
    {
        using RentedWriter output = new();
        CompactJson.WriteValue(ref reader, output);
        int length = output.Written.Length;
        if (length > EventIntake.MaxPayload)
        {
            throw new RuleException(
                RefusalKind.TooLarge,
                "payload_too_large",
                $"The payload has {length:N0} bytes as compact JSON; the limit is {EventIntake.MaxPayload:N0}."
            );
        }

        byte[] payload = output.Written.ToArray();
        LargePayloads.Count(payload);
        return payload;
    }

    /// <summary>The reader's own errors carry their place; those of the payload writer do not, so <paramref name="place"/> is used.</summary>
    public static RuleException Malformed(JsonException exception, TextPlace place) =>
        exception.LineNumber is not null
            ? BodyReader.Malformed(exception)
            : BodyReader.Malformed($"{exception.Message.TrimEnd('.')} (line {place.Line}, byte {place.Byte})");
}
