using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookConsole.Api;

/// <summary>Times as RFC 3339 in UTC with milliseconds and <c>Z</c>, the precision they are stored in.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Form.Length];
        value.UtcDateTime.TryFormat(text, out int length, Form, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
