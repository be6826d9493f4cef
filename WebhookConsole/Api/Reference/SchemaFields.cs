using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace WebhookConsole.Api.Reference;

/// <summary>Writes a schema as rows of a table.</summary>
internal static class SchemaFields
{
    private const int MaxDepth = 3;
    private const int MaxValues = 14;

    public static IReadOnlyList<ReferenceField> Of(IOpenApiSchema schema) => [.. Rows(schema, "", 0)];

    /// <summary>The type in words: <c>"patient" or "brisk"</c>, <c>integer, 1–100</c>, <c>array of string</c>.</summary>
    public static string TypeOf(IOpenApiSchema schema)
    {
        if (schema.OneOf is { Count: > 0 } choices)
        {
            return string.Join(" or ", choices.Select(TypeOf));
        }

        if (schema.Const is { } constant)
        {
            return $"\"{constant}\"";
        }

        if (schema.Enum is { Count: > 0 } values)
        {
            string[] names = [.. values.Where(v => v is not null && !v.IsJsonNullSentinel()).Select(v => v.ToJsonString())];
            return string.Join(", ", names.Take(MaxValues)) + (names.Length > MaxValues ? $" and {names.Length - MaxValues} more" : "") + OrNull(schema);
        }

        JsonSchemaType type = (schema.Type ?? default) & ~JsonSchemaType.Null;
        string word = type switch
        {
            JsonSchemaType.Array when schema.Items is { } items => $"array of {TypeOf(items)}",
            JsonSchemaType.Object when schema.AdditionalProperties is { } map => $"object of {TypeOf(map)}",
            JsonSchemaType.Object => "object",
            JsonSchemaType.Integer when Range(schema) is { } range => $"integer, {range}",
            JsonSchemaType.String when schema.Format is { } format => $"string, {format}",
            JsonSchemaType.String when schema.MaxLength is { } length => $"string, at most {length} characters",
            default(JsonSchemaType) => "any JSON value",
            _ => type.ToString().ToLowerInvariant(),
        };
        return word + OrNull(schema);
    }

    private static IEnumerable<ReferenceField> Rows(IOpenApiSchema schema, string prefix, int depth)
    {
        if (schema.Items is { Properties.Count: > 0 } items)
        {
            return Rows(items, prefix + "[].", depth);
        }

        return (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).SelectMany(p => Row(schema, prefix, p.Key, p.Value, depth));
    }

    private static IEnumerable<ReferenceField> Row(IOpenApiSchema owner, string prefix, string name, IOpenApiSchema value, int depth)
    {
        string path = prefix + name;
        yield return new ReferenceField(path, TypeOf(value), owner.Required?.Contains(name) == true, value.Description);
        IOpenApiSchema? inner =
            value.Properties is { Count: > 0 } ? value
            : value.Items is { Properties.Count: > 0 } ? value.Items
            : null;
        if (inner is not null && depth + 1 < MaxDepth)
        {
            foreach (ReferenceField field in Rows(inner, path + (inner == value ? "." : "[]."), depth + 1))
            {
                yield return field;
            }
        }
    }

    private static string OrNull(IOpenApiSchema schema) => schema.Type is { } type && type.HasFlag(JsonSchemaType.Null) ? ", or null" : "";

    private static string? Range(IOpenApiSchema schema) =>
        (schema.Minimum, schema.Maximum) switch
        {
            ({ } least, { } most) => $"{least}–{most}",
            ({ } least, null) => $"{least} or more",
            (null, { } most) => $"{most} or less",
            _ => null,
        };
}
