using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>
/// <c>standard</c> and <c>svix</c>: one <c>v1,</c> base64 HMAC-SHA256 of <c>id.timestamp.body</c> per valid secret
/// (Standard Webhooks specification, "Signature scheme"). The two differ only in the prefix of the header names.
/// </summary>
public sealed class StandardFormat : ISignatureFormat
{
    private const string Version = "v1,";
    private const int HashCharacters = (PrefixedHmac.HashBytes + 2) / 3 * 4;

    private readonly string _signatureHeader;
    private readonly string[] _headerNames;

    internal StandardFormat(SignatureFormat format, string name, string title, string headerPrefix)
    {
        Format = format;
        Name = name;
        Title = title;
        IdHeader = headerPrefix + "-id";
        TimestampHeader = headerPrefix + "-timestamp";
        _signatureHeader = headerPrefix + "-signature";
        SignedHeaders = [IdHeader, TimestampHeader];
        _headerNames = [IdHeader, TimestampHeader, _signatureHeader];
    }

    public SignatureFormat Format { get; }

    public string Name { get; }

    public string Title { get; }

    public bool SupportsOverlap => true;

    public string IdHeader { get; }

    public string TimestampHeader { get; }

    public IReadOnlyList<string> SignedHeaders { get; }

    public string TimestampForm => "Unix seconds";

    public string SignatureForm => "'v1,' and base64";

    public bool UsesDecodedKey => true;

    public string SignatureHeader(string? own) => _signatureHeader;

    public IReadOnlyList<string> HeaderNames(string? own) => _headerNames;

    public bool TryReadTimestamp(string text, out DateTimeOffset timestamp) => UnixTime.TryParse(text, TimeSpan.TicksPerSecond, out timestamp);

    public string Encode(ReadOnlySpan<byte> hash) => Version + Convert.ToBase64String(hash);

    public void Sign(
        Guid eventId,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body,
        IReadOnlyList<SigningSecret> secrets,
        string? own,
        ICollection<HeaderField> headers
    )
    {
        string id = eventId.ToString("D");
        string seconds = timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string signature = Signature(id, seconds, body, secrets);
        headers.Add(new HeaderField(IdHeader, id));
        headers.Add(new HeaderField(TimestampHeader, seconds));
        headers.Add(new HeaderField(_signatureHeader, signature));
    }

    /// <summary>The value of the signature header: the signatures of all secrets, separated by spaces.</summary>
    /// <param name="id">The text of the id header.</param>
    /// <param name="timestamp">The text of the timestamp header, Unix seconds.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">At least one.</param>
    /// <exception cref="ArgumentException">There is no secret.</exception>
    /// <exception cref="InvalidOperationException">A secret is not base64.</exception>
    public static string Signature(string id, string timestamp, ReadOnlySpan<byte> body, IReadOnlyList<SigningSecret> secrets)
    {
        ArgumentOutOfRangeException.ThrowIfZero<int>(secrets.Count, nameof(secrets));
        int each = Version.Length + HashCharacters;
        int length = (secrets.Count * (each + 1)) - 1;
        Span<char> value = length <= 256 ? stackalloc char[length] : new char[length];
        Span<byte> hash = stackalloc byte[PrefixedHmac.HashBytes];
        using var hmac = new PrefixedHmac($"{id}.{timestamp}.", body, stackalloc byte[1024]);
        for (int i = 0; i < secrets.Count; i++)
        {
            hmac.Compute(secrets[i].DecodedHmac, hash);
            Span<char> part = value[(i * (each + 1))..];
            Version.CopyTo(part);
            Convert.TryToBase64Chars(hash, part[Version.Length..], out _);
            if (i < secrets.Count - 1)
            {
                part[each] = ' ';
            }
        }

        return new string(value);
    }
}
