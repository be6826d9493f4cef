using System.Globalization;
using System.Text.Json;

namespace WebhookConsole.Components.Pages.Webhooks.Detail;

/// <summary>Says an audit entry of a webhook in words.</summary>
internal static class AuditText
{
    /// <summary><c>webhook.secret_rotated</c> as <c>Secret rotated</c>.</summary>
    public static string Of(string action)
    {
        string words = action[(action.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ');
        bool deliveries = action.StartsWith("deliver", StringComparison.Ordinal);
        return deliveries ? $"Deliveries {words}" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The details by name: a value, or old and new. Empty when there are none, or not in a form that we know.</summary>
    public static IReadOnlyList<(string Name, string? Old, string New)> Details(string? json)
    {
        if (json is null)
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(Detail).ToArray()
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static (string Name, string? Old, string New) Detail(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() == 2
            ? (Words(property.Name), Shown(property.Value[0]), Shown(property.Value[1]))
            : (Words(property.Name), null, Shown(property.Value));

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Shown)),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String when value.TryGetDateTimeOffset(out DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
        _ => value.ToString() is { Length: > 0 } text ? text : "(empty)",
    };

    // previousExpiresAt as "Old secret signs until", rateLimitPerSecond as "Rate limit per second".
    private static string Words(string name)
    {
        if (name == "previousExpiresAt")
        {
            return "Old secret signs until";
        }

        string words = string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
