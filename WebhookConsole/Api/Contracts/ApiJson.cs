using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Api.Contracts;

/// <summary>How contracts are read and written. The OpenAPI document is made from the same options.</summary>
internal static class ApiJson
{
    /// <summary>The media type of JSON that is not a problem, as the framework writes it.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Reads strictly: no member may be unknown, repeated or missing, or null where null has no meaning.</summary>
    public static JsonSerializerOptions Reading { get; } =
        Configure(new JsonSerializerOptions(JsonSerializerDefaults.Strict) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    /// <summary>Options that reading and writing have in common.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new EventFilterConverter());
        options.Converters.Add(new RetryScheduleConverter());
        options.Converters.Add(new NameConverter<SignatureFormat>(SignatureFormats.NameOf));
        options.Converters.Add(new NameConverter<FailureClass>(FailureTexts.NameOf));
        options.Converters.Add(new NameConverter<FailureKind>(FailureTexts.NameOf));
        options.Converters.Add(new NameConverter<DeliveryStatus>(LowerCase));
        options.Converters.Add(new NameConverter<AttemptTrigger>(AttemptTriggers.Word));
        options.Converters.Add(new NameConverter<WebhookState>(LowerCase));
        options.Converters.Add(new NameConverter<WebhookScope>(WebhookScopes.Word));
        options.Converters.Add(new NameConverter<HeldAction>(LowerCase));
        options.Converters.Add(new NameConverter<RecoveryStatus>(LowerCase));
        options.Converters.Add(new NameConverter<RecoverableStatus>(LowerCase));
        options.Converters.Add(new NameConverter<TestSource>(LowerCase));
        return options;
    }

    private static string LowerCase<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>A value that cannot be read.</summary>
/// <param name="message">A sentence or, without a full stop, what is expected: "a whole number".</param>
internal sealed class WrongValueException(string message) : JsonException(message);

/// <summary>A type with a custom form in JSON.</summary>
internal interface IContractConverter
{
    /// <summary>The form as a JSON schema.</summary>
    string Schema { get; }
}

/// <summary>Reads one token (including null) or list, and throws <see cref="WrongValueException"/> only.</summary>
internal abstract class ContractConverter<T>(string? schema = null) : JsonConverter<T>, IContractConverter
{
    public virtual string Schema => schema!;

    public override bool HandleNull => true;

    /// <summary>A list whose elements are all read by <paramref name="element"/>.</summary>
    protected static List<TElement> ReadList<TElement>(ref Utf8JsonReader reader, string expected, Func<JsonElement, TElement?> element)
    {
        List<TElement> list = [];
        foreach (JsonElement item in JsonElement.ParseValue(ref reader).EnumerateArray())
        {
            list.Add(element(item) ?? throw new WrongValueException(expected));
        }

        return list;
    }
}

/// <summary>Times as RFC 3339 in UTC with milliseconds, the precision that is stored.</summary>
internal sealed class TimeConverter() : ContractConverter<DateTimeOffset>("""{"type":"string","format":"date-time"}""")
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Rfc3339.TryRead(reader.GetString(), out DateTimeOffset time, out _)
            ? time
            : throw new WrongValueException(Rfc3339.Rule);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Rfc3339.Write(value));
}

/// <summary>The names of an enum, exactly as written.</summary>
internal sealed class NameConverter<T>(Func<T, string> nameOf) : ContractConverter<T>
    where T : struct, Enum
{
    private readonly Lazy<Dictionary<string, T>> _values = new(() => Enum.GetValues<T>().ToDictionary(nameOf, StringComparer.Ordinal));

    public override string Schema => JsonSerializer.Serialize(new { type = "string", @enum = _values.Value.Keys });

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && _values.Value.TryGetValue(reader.GetString()!, out T value)
            ? value
            : throw new WrongValueException("one of " + string.Join(", ", _values.Value.Keys));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(nameOf(value));
}

/// <summary>A list of event types and prefixes; reads <c>"*"</c> for all as well.</summary>
internal sealed class EventFilterConverter()
    : ContractConverter<EventFilter>("""{"oneOf":[{"type":"string","const":"*"},{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":100}]}""")
{
    private const string Expected = "a list of event types, or \"*\" for all";

    public override EventFilter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("*"u8))
        {
            return EventFilter.All;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new WrongValueException(Expected);
        }

        List<string> patterns = ReadList(ref reader, Expected, e => e.ValueKind == JsonValueKind.String ? e.GetString() : null);
        return EventFilter.TryCreate(patterns, out EventFilter? filter, out string? error) ? filter : throw new WrongValueException(error);
    }

    public override void Write(Utf8JsonWriter writer, EventFilter value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Patterns, options);
}

/// <summary>The name of a retry schedule, or a list of seconds.</summary>
internal sealed class RetryScheduleConverter()
    : ContractConverter<RetrySchedule>(
        """
        {"oneOf":[{"type":"string","enum":["patient","brisk","standard","none"]},
        {"type":"array","items":{"type":"integer","minimum":1,"maximum":86400},"minItems":1,"maxItems":20}]}
        """
    )
{
    private const string Expected = "patient, brisk, standard, none or a list of whole seconds";

    public override RetrySchedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            string? name = reader.GetString();
            return RetrySchedule.Named.FirstOrDefault(s => s.Text == name) ?? throw new WrongValueException(Expected);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new WrongValueException(Expected);
        }

        List<int?> seconds = ReadList<int?>(ref reader, Expected, e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int number) ? number : null);
        return RetrySchedule.TryCustom(seconds.ConvertAll(s => s!.Value), out RetrySchedule? schedule, out string? error)
            ? schedule
            : throw new WrongValueException(error);
    }

    public override void Write(Utf8JsonWriter writer, RetrySchedule value, JsonSerializerOptions options)
    {
        if (!value.IsCustom)
        {
            writer.WriteStringValue(value.Text);
            return;
        }

        JsonSerializer.Serialize(writer, value.Delays.Select(d => (int)d.TotalSeconds), options);
    }
}
