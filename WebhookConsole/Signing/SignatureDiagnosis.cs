using System.Buffers;
using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>
/// Why a signature does not match: tries the mistakes people make (specification §9), a re-serialised body and a secret used with or without
/// <c>whsec_</c>, and names the one with which it would match.
/// </summary>
internal static class SignatureDiagnosis
{
    /// <summary>Adds the checks of body and key.</summary>
    public static void Explain(SignatureMatch match, IReadOnlyList<SigningSecret> secrets, ReadOnlySpan<byte> body, List<VerificationCheck> checks)
    {
        var compact = new ArrayBufferWriter<byte>(body.Length + 1);
        bool reserialised = CompactJson.TryWrite(body, compact, out _) && !compact.WrittenSpan.SequenceEqual(body);

        KeyUse? use = FindKeyUse(match, secrets, body);
        bool asCompact = use is null && reserialised && (use = FindKeyUse(match, secrets, compact.WrittenSpan)) is not null;
        checks.Add(
            use switch
            {
                null => new VerificationCheck(CheckNames.Body, CheckResult.Skipped, "Cannot be determined while no secret matches."),
                _ when asCompact => new VerificationCheck(
                    CheckNames.Body,
                    CheckResult.Failed,
                    "The body was re-serialised: its compact form is what was signed. Verify the raw bytes of the request before any JSON parser touches them."
                ),
                _ => new VerificationCheck(CheckNames.Body, CheckResult.Passed, "The body is byte for byte the one that was signed."),
            }
        );
        checks.Add(
            use switch
            {
                null => new VerificationCheck(CheckNames.Key, CheckResult.Skipped, "Cannot be determined while no secret matches."),
                { Mistake: null } => new VerificationCheck(CheckNames.Key, CheckResult.Passed, $"With that body, the secret {use.Secret.Fingerprint} matches."),
                _ => new VerificationCheck(CheckNames.Key, CheckResult.Failed, $"The secret {use.Secret.Fingerprint} would match, but {use.Mistake}."),
            }
        );
    }

    private static KeyUse? FindKeyUse(SignatureMatch match, IReadOnlyList<SigningSecret> secrets, ReadOnlySpan<byte> body)
    {
        foreach (SigningSecret secret in secrets)
        {
            foreach ((byte[] key, string? mistake) in Uses(secret, match.Format))
            {
                if (match.Matches(key, body))
                {
                    return new KeyUse(secret, mistake);
                }
            }
        }

        return null;
    }

    private static IEnumerable<(byte[] Key, string? Mistake)> Uses(SigningSecret secret, ISignatureFormat format)
    {
        bool decodes = format.UsesDecodedKey;
        if (secret.HasDecodedKey)
        {
            yield return (
                secret.DecodedKey.ToArray(),
                decodes ? null : "the signer decoded the base64 after 'whsec_'; in this format the key is the whole text, with 'whsec_'"
            );
        }

        yield return (
            secret.TextKey.ToArray(),
            decodes ? "the signer used the text with 'whsec_' as the key; in this format the key is the decoded base64 after 'whsec_'" : null
        );
        if (secret.Text.StartsWith(SigningSecret.Prefix, StringComparison.Ordinal))
        {
            yield return (
                Encoding.UTF8.GetBytes(secret.Text[SigningSecret.Prefix.Length..]),
                decodes
                    ? "the signer used the text after 'whsec_' without decoding it from base64"
                    : "the signer left 'whsec_' out; in this format the key is the whole text, with 'whsec_'"
            );
        }
        else if (!decodes)
        {
            yield return (
                Encoding.UTF8.GetBytes(SigningSecret.Prefix + secret.Text),
                "'whsec_' is missing before it; in this format the key is the whole text, with 'whsec_'"
            );
        }
    }

    private sealed record KeyUse(SigningSecret Secret, string? Mistake);
}
