using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WebhookConsole.Signing;

/// <summary>The signatures of one request, ready to be compared with computed ones.</summary>
internal sealed class SignatureMatch(ISignatureFormat format, string prefix, string header)
{
    private readonly string[] _signatures = format.SupportsOverlap ? header.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [header];

    /// <summary>False when nothing has even the length of a signature.</summary>
    public bool IsWellFormed => Array.Exists(_signatures, s => s.Length == format.Encode(stackalloc byte[PrefixedHmac.HashBytes]).Length);

    /// <summary>The secret that made one of the signatures, its key taken as the format says; null when none did.</summary>
    public SigningSecret? Find(IEnumerable<SigningSecret> secrets, ReadOnlySpan<byte> body)
    {
        foreach (SigningSecret secret in secrets)
        {
            if (Matches(format.UsesDecodedKey ? secret.DecodedKey : secret.TextKey, body))
            {
                return secret;
            }
        }

        return null;
    }

    /// <summary>True when this key made one of the signatures. Compares in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[PrefixedHmac.HashBytes];
        using (var hmac = new PrefixedHmac(prefix, body, stackalloc byte[1024]))
        {
            hmac.Compute(key, hash);
        }

        string expected = format.Encode(hash);
        bool found = false;
        foreach (string signature in _signatures)
        {
            found |= CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(expected.AsSpan()), MemoryMarshal.AsBytes(signature.AsSpan()));
        }

        return found;
    }
}
