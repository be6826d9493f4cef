using System.Text;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>A key that somebody may have made from a secret.</summary>
/// <param name="Mistake">What is wrong with it, to follow "would match, but"; null for the key that the format asks for.</param>
internal sealed record KeyVariant(SigningSecret Secret, byte[] Key, string? Mistake)
{
    /// <summary>The right keys of all secrets come first.</summary>
    public static IReadOnlyList<KeyVariant> Of(IReadOnlyList<SigningSecret> secrets, ISignatureFormat format) =>
        [.. secrets.SelectMany(s => Uses(s, format)).OrderBy(v => v.Mistake is not null)];

    private static IEnumerable<KeyVariant> Uses(SigningSecret secret, ISignatureFormat format)
    {
        bool decodes = format.UsesDecodedKey;
        bool prefixed = secret.Text.StartsWith(SigningSecret.Prefix, StringComparison.Ordinal);
        if (secret.HasDecodedKey)
        {
            yield return new(
                secret,
                secret.DecodedKey.ToArray(),
                decodes ? null : "the signer decoded the base64 after 'whsec_'; in this format the key is the whole text, including 'whsec_'"
            );
        }

        yield return new(
            secret,
            secret.TextKey.ToArray(),
            !decodes ? null
                : prefixed ? "the signer used the text with 'whsec_' as the key; in this format the key is the decoded base64 after 'whsec_'"
                : "the signer used the text without decoding it from base64"
        );
        if (prefixed)
        {
            yield return new(
                secret,
                Encoding.UTF8.GetBytes(secret.Text[SigningSecret.Prefix.Length..]),
                decodes
                    ? "the signer used the text after 'whsec_' without decoding it from base64"
                    : "the signer left out 'whsec_'; in this format the key is the whole text, including 'whsec_'"
            );
        }
        else if (!decodes)
        {
            yield return new(
                secret,
                Encoding.UTF8.GetBytes(SigningSecret.Prefix + secret.Text),
                "'whsec_' is missing before it; in this format the key is the whole text, including 'whsec_'"
            );
        }

        yield return new(
            secret,
            [.. secret.TextKey, (byte)'\n'],
            "the signer used a key that ends with a line feed, as files and echo do; trim it when you read the secret"
        );
        foreach ((string text, string mistake) in Cleaned(secret.Text))
        {
            var cleaned = SigningSecret.FromText(text);
            if (cleaned.Supports(format.Format))
            {
                yield return new(secret, (decodes ? cleaned.DecodedKey : cleaned.TextKey).ToArray(), mistake);
            }
        }
    }

    private static IEnumerable<(string Text, string Mistake)> Cleaned(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Length > 0 && trimmed.Length != text.Length)
        {
            yield return (trimmed, "it was pasted with a space or a line break before or after it");
        }

        string bare = trimmed.Trim('"', '\'', '`');
        if (bare.Length > 0 && bare.Length != trimmed.Length)
        {
            yield return (bare, "it was pasted with quotation marks around it");
        }

        // Some tools write base64 in the alphabet for addresses.
        string plain = bare.Replace('-', '+').Replace('_', '/').Replace("whsec/", SigningSecret.Prefix, StringComparison.Ordinal);
        if (plain.Length > 0 && plain != bare)
        {
            yield return (plain, "it was pasted as base64url, with - and _ instead of + and /");
        }
    }
}
