namespace WebhookConsole.Signing;

/// <summary>The signature of the two hex formats: lower-case hex of the HMAC-SHA256, with the whole secret text as the key (specification §5).</summary>
internal static class HexSignature
{
    public const string Form = "64 lower-case hex digits";

    /// <param name="prefix">Signed before the body, such as <c>1614265330000.</c>; empty for the body alone.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">The first one signs: the header has room for one signature.</param>
    /// <exception cref="ArgumentException">There is no secret.</exception>
    public static string Create(string prefix, ReadOnlySpan<byte> body, IReadOnlyList<SigningSecret> secrets)
    {
        ArgumentOutOfRangeException.ThrowIfZero<int>(secrets.Count, nameof(secrets));
        Span<byte> hash = stackalloc byte[PrefixedHmac.HashBytes];
        using var hmac = new PrefixedHmac(prefix, body, stackalloc byte[1024]);
        hmac.Compute(secrets[0].TextHmac, hash);
        return Convert.ToHexStringLower(hash);
    }
}
