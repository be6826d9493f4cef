using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

/// <summary>What each format says of itself, written down a second time (specification §5).</summary>
public sealed class SignatureFormatTableTests
{
    private static readonly Guid s_id = Guid.Parse("0190f3a1-7c00-7000-8000-0123456789ab");
    private static readonly DateTimeOffset s_time = new(2026, 3, 4, 5, 7, 8, 90, TimeSpan.Zero);
    private static readonly SigningSecret s_secret = SigningSecret.FromText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    public static TheoryData<SignatureFormat> Formats => [.. Enum.GetValues<SignatureFormat>()];

    [Fact]
    public void Formats_Each_SayWhatTheSpecificationSays()
    {
        string[] rows =
        [
            .. SignatureFormats.All.Select(f =>
                string.Join(
                    '|',
                    f.Name,
                    f.Title,
                    f.IdHeader,
                    f.TimestampHeader,
                    f.SignatureHeader(null),
                    f.SignatureHeader("X-Own-Signature"),
                    string.Join('+', f.SignedHeaders),
                    string.Join('+', f.HeaderNames("X-Own-Signature")),
                    f.TimestampForm,
                    f.SignatureForm,
                    f.UsesDecodedKey,
                    f.SupportsOverlap
                )
            ),
        ];
        Assert.Equal(
            [
                "standard|Standard Webhooks|webhook-id|webhook-timestamp|webhook-signature|webhook-signature|webhook-id+webhook-timestamp"
                    + "|webhook-id+webhook-timestamp+webhook-signature|Unix seconds|'v1,' and base64|True|True",
                "svix|Svix|svix-id|svix-timestamp|svix-signature|svix-signature|svix-id+svix-timestamp"
                    + "|svix-id+svix-timestamp+svix-signature|Unix seconds|'v1,' and base64|True|True",
                "body-hex|Hex signature of the body|X-Webhook-ID|X-Webhook-Timestamp|X-Webhook-Signature|X-Own-Signature|"
                    + "|X-Webhook-ID+X-Webhook-Timestamp+X-Own-Signature|ISO 8601 in UTC|64 lower-case hex digits|False|False",
                "timestamped-hex|Hex signature of timestamp and body|X-Webhook-ID|X-Timestamp|X-Signature|X-Signature|X-Timestamp"
                    + "|X-Timestamp+X-Signature+X-Webhook-ID|Unix milliseconds|64 lower-case hex digits|False|False",
            ],
            rows
        );
        Assert.Equal("X-Webhook-Signature", SignatureFormats.For(SignatureFormat.BodyHex).SignatureHeader(""));
    }

    [Fact]
    public void For_NoFormat_ThrowsAndSaysSo()
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => SignatureFormats.For((SignatureFormat)99));
        Assert.Equal("format", exception.ParamName);
        Assert.StartsWith("Not a signature format.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Sign_NoSecret_NamesTheArgument(SignatureFormat format) =>
        Assert.Equal("secrets", Assert.ThrowsAny<ArgumentException>(() => SignatureFormats.For(format).Sign(s_id, s_time, "{}"u8, [], null, [])).ParamName);

    /// <summary>Short messages are joined on the stack, long ones in a pooled array, which is longer than asked for and has been used before.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Sign_BodyOfAnyLength_IsSignedWhole(SignatureFormat format)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        byte[] key = scheme.UsesDecodedKey ? s_secret.DecodedKey.ToArray() : s_secret.TextKey.ToArray();
        foreach (int length in Enumerable.Range(930, 120).Concat([0, 1, 5000, 2049, 262_144, 1025]))
        {
            byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            List<HeaderField> headers = [];
            scheme.Sign(s_id, s_time, body, [s_secret], null, headers);
            string prefix = string.Concat(scheme.SignedHeaders.Select(n => headers.Single(h => h.Name == n).Value + "."));
            byte[] message = [.. Encoding.UTF8.GetBytes(prefix), .. body];
            byte[] hash = HMACSHA256.HashData(key, message);
            string signature = headers.Single(h => h.Name == scheme.SignatureHeader(null)).Value;
            Assert.Equal(
                format is SignatureFormat.Standard or SignatureFormat.Svix ? "v1," + Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash),
                signature
            );
            Assert.Equal(signature, scheme.Encode(hash));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Sign_StandardWithManySecrets_SeparatesThemWithOneSpace(int count)
    {
        SigningSecret[] secrets = [.. Enumerable.Range(0, count).Select(_ => SigningSecret.Generate())];
        string value = StandardFormat.Signature("id", "1", "{}"u8, secrets);
        Assert.Equal(string.Join(' ', secrets.Select(s => StandardFormat.Signature("id", "1", "{}"u8, [s]))), value);
    }

    [Theory]
    [InlineData("2026-03-04T05:07:08.090Z", true)]
    [InlineData("2026-03-04T05:07:08.09Z", true)]
    [InlineData("2026-03-04T05:07:08.0900000Z", true)]
    [InlineData("2026-03-04T06:07:08.09+01:00", true)]
    [InlineData("2026-03-04T05:07:08.09", true)]
    [InlineData("2026-03-04 05:07:08.09Z", false)]
    [InlineData("2026-03-04", false)]
    [InlineData("1772600828090", false)]
    public void TryReadTimestamp_BodyHex_ReadsIso8601(string text, bool readable)
    {
        Assert.Equal(readable, SignatureFormats.For(SignatureFormat.BodyHex).TryReadTimestamp(text, out DateTimeOffset time));
        Assert.Equal(readable ? s_time : default, time);
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Fact]
    public void TryReadTimestamp_Others_ReadUnixTimeInTheirUnit()
    {
        Assert.True(SignatureFormats.For(SignatureFormat.Svix).TryReadTimestamp("1772600828", out DateTimeOffset seconds));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_772_600_828), seconds);
        Assert.True(SignatureFormats.For(SignatureFormat.TimestampedHex).TryReadTimestamp("1772600828090", out DateTimeOffset milliseconds));
        Assert.Equal(s_time, milliseconds);
    }
}
