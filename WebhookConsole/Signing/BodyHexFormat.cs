using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>
/// <c>body-hex</c>: hex HMAC-SHA256 of the body alone, in <c>X-Webhook-Signature</c> or a header that the webhook chooses, as NovaVMS and
/// Revnoxa document it. Id and timestamp are sent but not signed.
/// </summary>
internal sealed class BodyHexFormat : ISignatureFormat
{
    private const string DefaultSignatureHeader = "X-Webhook-Signature";
    private const string Iso8601Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public SignatureFormat Format => SignatureFormat.BodyHex;

    public string Name => "body-hex";

    public string Title => "Hex signature of the body";

    public bool SupportsOverlap => false;

    public string IdHeader => "X-Webhook-ID";

    public string TimestampHeader => "X-Webhook-Timestamp";

    public IReadOnlyList<string> SignedHeaders => [];

    public string TimestampForm => "ISO 8601 in UTC";

    public string SignatureForm => HexSignature.Form;

    public bool UsesDecodedKey => false;

    public string SignatureHeader(string? own) => string.IsNullOrEmpty(own) ? DefaultSignatureHeader : own;

    public IReadOnlyList<string> HeaderNames(string? own) => [IdHeader, TimestampHeader, SignatureHeader(own)];

    // Other senders of this format write more or fewer digits, and some write an offset.
    public bool TryReadTimestamp(string text, out DateTimeOffset timestamp) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out timestamp
        );

    public string Encode(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    public void Sign(
        Guid eventId,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body,
        IReadOnlyList<SigningSecret> secrets,
        string? own,
        ICollection<HeaderField> headers
    )
    {
        string signature = HexSignature.Create("", body, secrets);
        headers.Add(new HeaderField(IdHeader, eventId.ToString("D")));
        headers.Add(new HeaderField(TimestampHeader, timestamp.UtcDateTime.ToString(Iso8601Milliseconds, CultureInfo.InvariantCulture)));
        headers.Add(new HeaderField(SignatureHeader(own), signature));
    }
}
