using System.Buffers.Text;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Tokens.OpenId;

/// <summary>
/// What an access token says, before anybody knows whether it is true. It is read strictly, because what two parsers read differently is
/// how tokens are forged: no part may have a name twice, and a token that asks for more than a plain signature is refused.
/// </summary>
/// <param name="KeyId">Names the key of the issuer that signed it.</param>
/// <param name="Email">Null unless the issuer says that it is verified.</param>
internal sealed record AccessTokenText(string KeyId, string? Email)
{
    /// <summary>Longer than any real one; two such tokens fit into the headers that the server reads.</summary>
    public const int MaxLength = 12 * 1024;

    private const int MaxDepth = 16;
    private const int MaxText = 400;

    // The end of the year 9999, which is the end of what a date can be.
    private const double LastSecond = 253_402_300_799;

    private static readonly string[] s_algorithms = ["RS256", "ES256"];
    private static readonly string[] s_types = ["at+jwt", "application/at+jwt", "JWT"];
    private static readonly string[] s_times = ["exp", "nbf", "iat"];

    // RFC 7515 §4.1.11: what is critical has to be understood, and nothing is. The others are of encrypted or nested tokens.
    private static readonly string[] s_refused = ["crit", "enc", "zip", "cty", "b64"];

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>True for text in the form of a JSON Web Token: API tokens have another one.</summary>
    public static bool IsOne(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal);

    /// <returns>Null with a sentence in <paramref name="problem"/> for what is no plain signed access token.</returns>
    public static AccessTokenText? Read(string text, out string problem)
    {
        problem = "The token is not a signed JSON Web Token.";
        if (text.Length > MaxLength || text.Split('.') is not [{ } header, { } payload, { Length: > 0 }])
        {
            return null;
        }

        try
        {
            using JsonDocument head = Parse(header);
            using JsonDocument body = Parse(payload);
            problem = ProblemOf(head.RootElement) ?? ProblemOf(body.RootElement, s_times) ?? "";
            return problem.Length > 0 ? null : new AccessTokenText(TextOf(head.RootElement, "kid")!, VerifiedEmail(body.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair.
            return null;
        }
    }

    private static string? ProblemOf(JsonElement header) =>
        Array.Find(s_refused, name => header.TryGetProperty(name, out _)) is { } name ? $"The token's header has {name}, which is not accepted."
        : !s_algorithms.Contains(TextOf(header, "alg"), StringComparer.Ordinal) ? "The token must be signed with RS256 or ES256."
        : !s_types.Contains(TextOf(header, "typ"), StringComparer.OrdinalIgnoreCase) ? "The token's type must be at+jwt or JWT."
        : TextOf(header, "kid") is not { Length: > 0 } ? "The token does not name the key that signed it."
        : null;

    private static string? ProblemOf(JsonElement payload, string[] times) =>
        Array.Find(times, name => payload.TryGetProperty(name, out JsonElement time) && !IsTime(time)) is { } wrong ? $"The token's {wrong} is not a time."
        : !payload.TryGetProperty("exp", out _) ? "The token has no expiry."
        : TextOf(payload, "iss") is null ? "The token has no issuer."
        : !payload.TryGetProperty("aud", out JsonElement audience) || !IsAudience(audience) ? "The token has no audience."
        : null;

    private static bool IsTime(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double s) && s is >= 0 and <= LastSecond;

    private static bool IsAudience(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String));

    // Some issuers write the flag as a string.
    private static string? VerifiedEmail(JsonElement payload) =>
        payload.TryGetProperty("email_verified", out JsonElement verified) && (verified.ValueKind == JsonValueKind.True || IsText(verified, "true"))
            ? TextOf(payload, "email")
            : null;

    private static bool IsText(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxText } text
            ? ShownName.IsPlain(text)
                ? text
                : null
            : null;

    // Base64url allows no padding, no line break and no other alphabet (RFC 7515 §2).
    private static JsonDocument Parse(string part) =>
        part.AsSpan().IndexOfAny(" \t\r\n=") < 0
        && JsonDocument.Parse(Base64Url.DecodeFromChars(part), s_strict) is { RootElement.ValueKind: JsonValueKind.Object } document
            ? document
            : throw new FormatException();
}
