using System.Security.Cryptography;

namespace WebhookConsole.Signing.Diagnosis;

/// <summary>One combination that produces a signature.</summary>
/// <param name="Body">Null when it is the body as it arrived.</param>
internal sealed record SignatureFinding(SignatureToken Token, SignedPrefix Prefix, BodyVariant? Body, KeyVariant Key);

/// <summary>
/// Looks for the smallest number of mistakes that explains a signature: another key, another body or another text before it, one or two at a
/// time. The number of bytes it hashes is bounded, because anybody can send an inbox a large body with a wrong signature.
/// </summary>
internal sealed class SignatureSearch(IReadOnlyList<SignedPrefix> prefixes, byte[] body, IReadOnlyList<KeyVariant> keys)
{
    private const int MostMistakes = 2;
    private const long MostBytes = 16 * 1024 * 1024;

    private long _left = MostBytes;

    /// <returns>Null when nothing was found.</returns>
    public SignatureFinding? Find(IReadOnlyList<SignatureToken> tokens)
    {
        if (tokens.Count == 0)
        {
            return null;
        }

        _left = MostBytes;
        for (int mistakes = 0; mistakes <= MostMistakes; mistakes++)
        {
            if (TryBody(tokens, null, mistakes) is { } plain)
            {
                return plain;
            }

            if (mistakes == 0)
            {
                continue;
            }

            foreach (BodyVariant variant in BodyVariant.Of(body))
            {
                if (_left <= 0)
                {
                    return null;
                }

                if (TryBody(tokens, variant, mistakes - 1) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    // Exactly this many mistakes in the key and in the text before the body; fewer have been tried already.
    private SignatureFinding? TryBody(IReadOnlyList<SignatureToken> tokens, BodyVariant? variant, int mistakes)
    {
        byte[] bytes = variant?.Bytes ?? body;
        Span<byte> hash = stackalloc byte[PrefixedHmac.HashBytes];
        Span<byte> scratch = stackalloc byte[1024];
        foreach (SignedPrefix prefix in prefixes)
        {
            int rest = mistakes - (prefix.Mistake is null ? 0 : 1);
            if (rest is < 0 or > 1)
            {
                continue;
            }

            using PrefixedHmac hmac = new(prefix.Text, bytes, scratch);
            foreach (KeyVariant key in keys)
            {
                if (key.Mistake is null != (rest == 0))
                {
                    continue;
                }

                _left -= bytes.Length;
                if (_left <= 0)
                {
                    return null;
                }

                hmac.Compute(key.Key, hash);
                foreach (SignatureToken token in tokens)
                {
                    if (CryptographicOperations.FixedTimeEquals(hash, token.Hash))
                    {
                        return new SignatureFinding(token, prefix, variant, key);
                    }
                }
            }
        }

        return null;
    }
}
