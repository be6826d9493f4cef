using System.Text;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>A key that somebody may have made of a secret.</summary>
/// <param name="Mistake">What is wrong with it, to follow "would match, but"; null for the key that the format asks for.</param>
internal sealed record KeyVariant(SigningSecret Secret, byte[] Key, string? Mistake)
{
    /// <summary>The right keys of all secrets first.</summary>
    public static IReadOnlyList<KeyVariant> Of(IReadOnlyList<SigningSecret> secrets, ISignatureFormat format) =>
        [.. secrets.SelectMany(s => Uses(s, format)).OrderBy(v => v.Mistake is not null)];

    private static IEnumerable<KeyVariant> Uses(SigningSecret secret, ISignatureFormat format)
    {
        bool decodes = format.UsesDecodedKey;
        if (secret.HasDecodedKey)
        {
            yield return new(
                secret,
                secret.DecodedKey.ToArray(),
                decodes ? null : "the signer decoded the base64 after 'whsec_'; in this format the key is the whole text, with 'whsec_'"
            );
        }

        yield return new(
            secret,
            secret.TextKey.ToArray(),
            decodes ? "the signer used the text with 'whsec_' as the key; in this format the key is the decoded base64 after 'whsec_'" : null
        );
        if (secret.Text.StartsWith(SigningSecret.Prefix, StringComparison.Ordinal))
        {
            yield return new(
                secret,
                Encoding.UTF8.GetBytes(secret.Text[SigningSecret.Prefix.Length..]),
                decodes
                    ? "the signer used the text after 'whsec_' without decoding it from base64"
                    : "the signer left 'whsec_' out; in this format the key is the whole text, with 'whsec_'"
            );
        }
        else if (!decodes)
        {
            yield return new(
                secret,
                Encoding.UTF8.GetBytes(SigningSecret.Prefix + secret.Text),
                "'whsec_' is missing before it; in this format the key is the whole text, with 'whsec_'"
            );
        }

        yield return new(
            secret,
            [.. secret.TextKey, (byte)'\n'],
            "the signer's key ends with a line feed, as from a file or from echo; cut it off when you read the secret"
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
            yield return (trimmed, "it was given with a space before or after it, or a line break");
        }

        string bare = trimmed.Trim('"', '\'', '`');
        if (bare.Length > 0 && bare.Length != trimmed.Length)
        {
            yield return (bare, "it was given with quotation marks around it");
        }

        // Base64 for addresses, which some tools write.
        string plain = bare.Replace('-', '+').Replace('_', '/').Replace("whsec/", SigningSecret.Prefix, StringComparison.Ordinal);
        if (plain.Length > 0 && plain != bare)
        {
            yield return (plain, "it was given in the alphabet of base64url, with - and _ instead of + and /");
        }
    }
}
