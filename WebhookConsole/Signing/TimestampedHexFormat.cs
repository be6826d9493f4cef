using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary><c>timestamped-hex</c>: hex HMAC-SHA256 of <c>timestamp.body</c> with Unix milliseconds, as Novee documents it.</summary>
internal sealed class TimestampedHexFormat : ISignatureFormat
{
    private const string Header = "X-Signature";
    private const string Time = "X-Timestamp";
    private const string Id = "X-Webhook-ID";

    private static readonly string[] s_headerNames = [Time, Header, Id];
    private static readonly string[] s_signedHeaders = [Time];

    public SignatureFormat Format => SignatureFormat.TimestampedHex;

    public string Name => "timestamped-hex";

    public string Title => "Hex signature of timestamp and body";

    public bool SupportsOverlap => false;

    public string IdHeader => Id;

    public string TimestampHeader => Time;

    public IReadOnlyList<string> SignedHeaders => s_signedHeaders;

    public string TimestampForm => "Unix milliseconds";

    public string SignatureForm => HexSignature.Form;

    public bool UsesDecodedKey => false;

    public string SignatureHeader(string? own) => Header;

    public IReadOnlyList<string> HeaderNames(string? own) => s_headerNames;

    public bool TryReadTimestamp(string text, out DateTimeOffset timestamp) => UnixTime.TryParse(text, TimeSpan.TicksPerMillisecond, out timestamp);

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
        string milliseconds = timestamp.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string signature = HexSignature.Create(milliseconds + ".", body, secrets);
        headers.Add(new HeaderField(Time, milliseconds));
        headers.Add(new HeaderField(Header, signature));
        headers.Add(new HeaderField(Id, eventId.ToString("D")));
    }
}
