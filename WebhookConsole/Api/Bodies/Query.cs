using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using WebhookConsole.Api.Contracts;

namespace WebhookConsole.Api.Bodies;

/// <summary>The query parameters of a call as their contract, read by the same rules as bodies.</summary>
internal sealed record Query<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static ValueTask<Query<T>> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(new Query<T>(QueryReader.Read<T>(context.Request.Query)));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new QueryOf(typeof(T)));
}

/// <summary>The contract of a route's query parameters. A route without one accepts none.</summary>
internal sealed record QueryOf(Type Contract);

/// <summary>The contract of a call without query parameters.</summary>
internal sealed record NoQuery;

/// <summary>Turns a query into a JSON object, so that one reader reports what is unknown, repeated or invalid.</summary>
internal static class QueryReader
{
    /// <exception cref="Domain.RuleException">A parameter is unknown, repeated or invalid.</exception>
    public static T Read<T>(IQueryCollection query)
        where T : class
    {
        JsonTypeInfo contract = ApiJson.Reading.GetTypeInfo(typeof(T));
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach ((string name, StringValues values) in query)
            {
                Type? type = contract.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType;
                foreach (string? value in values)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value ?? "", type);
                }
            }

            writer.WriteEndObject();
        }

        return ContractReader.Read<T>(json.WrittenSpan, "query parameter");
    }

    // Numbers and flags have no quotes in JSON; anything else stays a string, which their type refuses.
    private static void Write(Utf8JsonWriter writer, string value, Type? type)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int) && int.TryParse(value, System.Globalization.NumberStyles.None, null, out int number))
        {
            writer.WriteNumberValue(number);
        }
        else if (type == typeof(bool) && value is ("true" or "false"))
        {
            writer.WriteBooleanValue(value == "true");
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }
}
