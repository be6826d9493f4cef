using System.Buffers.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>A hash as somebody wrote it: in hex or base64, with or without a version in front.</summary>
/// <param name="Hash">32 bytes.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Form">How it was written: "base64".</param>
/// <param name="Header">The header that holds it; null when it was not in a header.</param>
internal sealed record SignatureToken(byte[] Hash, string Text, string Form, string? Header)
{
    /// <summary>All hashes of a request, those of the signature header first.</summary>
    public static IReadOnlyList<SignatureToken> Of(IReadOnlyList<HeaderField> headers, string signatureHeader) =>
        [
            .. headers
                .Where(h => h is { Name: not null, Value: not null })
                .OrderBy(h => !string.Equals(h.Name.Trim(), signatureHeader, StringComparison.OrdinalIgnoreCase))
                .SelectMany(h => Read(h.Value, h.Name.Trim())),
        ];

    /// <summary>The hashes in one value.</summary>
    public static IEnumerable<SignatureToken> Read(string value, string? header)
    {
        foreach (string part in value.Split([' ', ',', ';', '\t', '\r', '\n', '"', '\''], StringSplitOptions.RemoveEmptyEntries))
        {
            // "sha256=" and "v1=" stand before the hash; the padding of base64 stands after it.
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string bare = equals is > 0 and < 8 && equals < part.Length - 1 ? part[(equals + 1)..] : part;
            if (Decode(bare) is var (hash, form))
            {
                yield return new(hash, bare, bare.Length == part.Length ? form : $"{form} after '{part[..(equals + 1)]}'", header);
            }
        }
    }

    private static (byte[] Hash, string Form)? Decode(string text)
    {
        switch (text.Length)
        {
            case 64 when text.All(char.IsAsciiHexDigit):
                return (Convert.FromHexString(text), text.Any(char.IsAsciiLetterUpper) ? "upper-case hex" : "lower-case hex");
            case 44 when text[^1] == '=' && Base64.IsValid(text):
                return (Convert.FromBase64String(text), "base64");
            case 43 or 44 when Base64Url.IsValid(text):
                return (Base64Url.DecodeFromChars(text), "base64url");
            default:
                return null;
        }
    }
}
