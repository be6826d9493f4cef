using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebhookConsole.Domain;

/// <summary>The payload of an operational event: type, time, the webhook that it tells of, and what else the type has.</summary>
public static class OperationalPayload
{
    // The reader of CompactJson writes the final form; this only has to be JSON.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="more">Writes the other members.</param>
    /// <returns>Compact JSON, as events store it.</returns>
    public static byte[] Write(string type, DateTimeOffset at, Guid webhookId, string webhookName, Action<Utf8JsonWriter> more)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("at", Rfc3339.Write(at));
            writer.WriteStartObject("webhook");
            writer.WriteString("id", webhookId);
            writer.WriteString("name", webhookName);
            writer.WriteEndObject();
            more(writer);
            writer.WriteEndObject();
        }

        ArrayBufferWriter<byte> compact = new(json.WrittenCount);
        return CompactJson.TryWrite(json.WrittenSpan, compact, out JsonFault? fault)
            ? compact.WrittenSpan.ToArray()
            : throw new InvalidOperationException($"The payload of {type} is not JSON: {fault.Message}");
    }
}
