using System.Globalization;
using System.Text.Json;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// Checks JSON against a schema of an OpenAPI 3.1 document, as far as ours uses JSON Schema: a keyword that is not known here fails, so that
/// nothing is left unchecked. A member that the schema does not name fails as well: the document has to be complete.
/// </summary>
public sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] s_notes = ["description", "default", "format", "example", "examples", "pattern", "title", "deprecated"];

    /// <returns>What is wrong, with its place; nothing when all is right.</returns>
    public IEnumerable<string> ProblemsOf(JsonElement value, JsonElement schema, string place = "$")
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return ProblemsOf(value, Resolve(reference.GetString()!), place);
        }

        return schema.EnumerateObject().SelectMany(keyword => ProblemsOf(value, keyword, schema, place));
    }

    private IEnumerable<string> ProblemsOf(JsonElement value, JsonProperty keyword, JsonElement schema, string place)
    {
        JsonElement rule = keyword.Value;
        return keyword.Name switch
        {
            "type" => TypesOf(rule).Any(t => Is(value, t)) ? [] : [$"{place} is {value.ValueKind}, not {rule}"],
            "enum" => rule.EnumerateArray().Any(e => e.GetRawText() == value.GetRawText()) ? [] : [$"{place} is {value}, none of {rule}"],
            "const" => rule.GetRawText() == value.GetRawText() ? [] : [$"{place} is {value}, not {rule}"],
            "required" => value.ValueKind != JsonValueKind.Object
                ? []
                : rule.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _)).Select(n => $"{place} has no {n}"),
            "properties" => value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(m => OfMember(m, rule, schema, place)),
            "additionalProperties" => rule.ValueKind != JsonValueKind.Object
            || value.ValueKind != JsonValueKind.Object
            || schema.TryGetProperty("properties", out _)
                ? []
                : value.EnumerateObject().SelectMany(m => ProblemsOf(m.Value, rule, $"{place}.{m.Name}")),
            "items" => value.ValueKind != JsonValueKind.Array
                ? []
                : value.EnumerateArray().SelectMany((item, i) => ProblemsOf(item, rule, $"{place}[{i.ToString(CultureInfo.InvariantCulture)}]")),
            "oneOf" => rule.EnumerateArray().Count(s => !ProblemsOf(value, s, place).Any()) == 1 ? [] : [$"{place} is {value}, not exactly one of {rule}"],
            "anyOf" => rule.EnumerateArray().Any(s => !ProblemsOf(value, s, place).Any()) ? [] : [$"{place} is {value}, none of {rule}"],
            "maxLength" => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > rule.GetInt32() ? [$"{place} is too long"] : [],
            "minimum" => value.ValueKind == JsonValueKind.Number && value.GetDouble() < rule.GetDouble() ? [$"{place} is too small"] : [],
            "maximum" => value.ValueKind == JsonValueKind.Number && value.GetDouble() > rule.GetDouble() ? [$"{place} is too large"] : [],
            "minItems" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() < rule.GetInt32() ? [$"{place} has too few items"] : [],
            "maxItems" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > rule.GetInt32() ? [$"{place} has too many items"] : [],
            _ when s_notes.Contains(keyword.Name, StringComparer.Ordinal) => [],
            _ => [$"{place}: the keyword {keyword.Name} is not known to this check"],
        };
    }

    private IEnumerable<string> OfMember(JsonProperty member, JsonElement properties, JsonElement schema, string place) =>
        properties.TryGetProperty(member.Name, out JsonElement own) ? ProblemsOf(member.Value, own, $"{place}.{member.Name}")
        : schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind == JsonValueKind.Object
            ? ProblemsOf(member.Value, more, $"{place}.{member.Name}")
        : [$"{place}.{member.Name} is not in the document"];

    private JsonElement Resolve(string reference) => reference[2..].Split('/').Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => false,
        };
}
