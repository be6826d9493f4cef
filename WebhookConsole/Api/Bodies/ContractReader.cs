using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Bodies;

/// <summary>Reads contracts from JSON. Errors are refused with the name of the field and its place; nothing else is thrown.</summary>
internal static class ContractReader
{
    /// <param name="part">What the sender calls a member: a field, or a query parameter.</param>
    /// <exception cref="RuleException">Malformed, or a member is unknown, missing, repeated or invalid.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string part = "field")
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, ApiJson.Reading) ?? throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second exception means an unreadable string, which the search through the names finds.
            throw Refusal(json, ApiJson.Reading.GetTypeInfo(typeof(T)), exception as JsonException ?? new JsonException(), part);
        }
    }

    /// <summary>The names of the members of an object, in order.</summary>
    /// <exception cref="RuleException">Malformed.</exception>
    public static List<string> NamesOf(ReadOnlySpan<byte> json)
    {
        List<string> names = [];
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = ApiJson.Reading.MaxDepth });
        try
        {
            while (reader.Read())
            {
                // Every string is read, because the parser lets half a surrogate pair through until then.
                string? text = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String ? reader.GetString() : null;
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                {
                    names.Add(text!);
                }
            }

            return names;
        }
        catch (JsonException exception)
        {
            throw BodyReader.Malformed(exception);
        }
        catch (InvalidOperationException)
        {
            throw BodyReader.NotText();
        }
    }

    private static RuleException Refusal(ReadOnlySpan<byte> json, JsonTypeInfo contract, JsonException exception, string part)
    {
        List<string> given = NamesOf(json);
        if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return RuleException.Invalid("$", "The body must be a JSON object.");
        }

        string[] known = [.. contract.Properties.Select(p => p.Name)];
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        foreach (string name in given.Except(known, StringComparer.Ordinal))
        {
            errors[OutsideText.Excerpt(name)] =
            [
                $"There is no {part} '{OutsideText.Excerpt(name)}' in this call; "
                    + (known.Length == 0 ? "it takes none." : $"it takes {string.Join(", ", known)}."),
            ];
        }

        foreach (string name in known.Where(k => given.Count(g => g == k) > 1))
        {
            errors[name] = [$"The {part} '{name}' appears twice."];
        }

        foreach (JsonPropertyInfo missing in contract.Properties.Where(p => p.IsRequired && !given.Contains(p.Name)))
        {
            errors[missing.Name] = [$"The {part} '{missing.Name}' is missing."];
        }

        if (errors.Count > 0)
        {
            return RuleException.Invalid(errors);
        }

        string field = exception.Path?.Split('.', '[') is [_, { } member, ..] ? member : "$";
        string expected =
            exception is WrongValueException ? exception.Message : Expected(contract.Properties.FirstOrDefault(p => p.Name == field)?.PropertyType);
        string sentence = expected.EndsWith('.') ? expected : $"'{field}' must be {expected}.";
        return new RuleException(
            RefusalKind.Invalid,
            "validation_failed",
            part == "field" ? $"{sentence} ({BodyReader.PlaceOf(exception)})" : sentence,
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] }
        );
    }

    private static string Expected(Type? type) =>
        (type is null ? null : Nullable.GetUnderlyingType(type) ?? type) switch
        {
            { } t when t == typeof(string) => "a string",
            { } t when t == typeof(int) => "a whole number",
            { } t when t == typeof(bool) => "true or false",
            { } t when t == typeof(JsonElement) => "JSON without repeated names",
            { } t when t == typeof(Guid) => "an id (UUID)",
            { } t when t == typeof(IReadOnlyList<string>) => "a list of strings",
            { } t when t == typeof(IReadOnlyList<RecoverableStatus>) => "a list of 'failed', 'held' or both",
            { } t when t == typeof(IReadOnlyDictionary<string, string>) => "an object with string values and no repeated names",
            _ => "of a different type",
        };
}
