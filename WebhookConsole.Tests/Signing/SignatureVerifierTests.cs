using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

public class SignatureVerifierTests
{
    private const string Body = """{"a":1,"b":"é"}""";

    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);
    private static readonly SigningSecret s_secret = SigningSecret.FromText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    public static TheoryData<SignatureFormat> Formats => [.. Enum.GetValues<SignatureFormat>()];

    private static List<HeaderField> Signed(SignatureFormat format, TimeSpan age = default, string? own = null, params SigningSecret[] secrets)
    {
        var headers = new List<HeaderField> { new("Content-Type", "application/json") };
        SignatureFormats.For(format).Sign(Guid.Empty, s_now - age, Encoding.UTF8.GetBytes(Body), secrets is [] ? [s_secret] : secrets, own, headers);
        return headers;
    }

    private static VerificationReport Verify(
        SignatureFormat? format,
        List<HeaderField> headers,
        string body = Body,
        string? own = null,
        params SigningSecret[] secrets
    )
    {
        VerificationReport report = SignatureVerifier.Verify(format, headers, Encoding.UTF8.GetBytes(body), secrets is [] ? [s_secret] : secrets, s_now, own);
        Assert.Equal(CheckNames.All, report.Checks.Select(c => c.Name));
        Assert.DoesNotContain(s_secret.Text[6..], string.Concat(report.Checks.Select(c => c.Sentence)) + report.Summary, StringComparison.Ordinal);
        return report;
    }

    private static CheckResult ResultOf(VerificationReport report, string name) => report.Checks.Single(c => c.Name == name).Result;

    private static List<HeaderField> SignedWithKey(SignatureFormat format, byte[] key)
    {
        List<HeaderField> headers = Signed(format);
        ISignatureFormat scheme = SignatureFormats.For(format);
        string prefix = string.Concat(scheme.SignedHeaders.Select(n => headers.Single(h => h.Name == n).Value + "."));
        byte[] hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(prefix + Body));
        int at = headers.FindIndex(h => h.Name == scheme.SignatureHeader(null));
        headers[at] = headers[at] with { Value = scheme.Encode(hash) };
        return headers;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Verify_GenuineRequest_IsValidGivenOrDetected(SignatureFormat format)
    {
        foreach (SignatureFormat? expected in new SignatureFormat?[] { format, null })
        {
            VerificationReport report = Verify(expected, Signed(format), Body, null, SigningSecret.Generate(), s_secret);
            Assert.True(report.Valid, report.Summary);
            Assert.Equal(format, report.Format);
            Assert.Equal(s_secret.Fingerprint, report.MatchedFingerprint);
            Assert.All(report.Checks, c => Assert.Equal(CheckResult.Passed, c.Result));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Verify_HeaderNamesInOtherCase_IsValid(SignatureFormat format) =>
        Assert.True(Verify(null, [.. Signed(format).Select(h => h with { Name = h.Name.ToUpperInvariant(), Value = $" {h.Value} " })]).Valid);

    [Theory]
    [InlineData("X-NovaVMS-Signature")]
    [InlineData(null)]
    public void Verify_OwnHeader_IsUsedOrFound(string? own) =>
        Assert.True(Verify(null, Signed(SignatureFormat.BodyHex, default, "X-NovaVMS-Signature"), Body, own).Valid);

    [Fact]
    public void Verify_Overlap_IsValidWithEitherSecret()
    {
        var newer = SigningSecret.Generate();
        List<HeaderField> headers = Signed(SignatureFormat.Standard, default, null, newer, s_secret);
        Assert.Equal(newer.Fingerprint, Verify(null, headers, Body, null, newer).MatchedFingerprint);
        Assert.Equal(s_secret.Fingerprint, Verify(null, headers, Body, null, s_secret).MatchedFingerprint);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(302, false)]
    [InlineData(-300, true)]
    [InlineData(-302, false)]
    public void Verify_TimestampFarFromNow_Fails(int ageSeconds, bool valid)
    {
        foreach (SignatureFormat format in Enum.GetValues<SignatureFormat>())
        {
            VerificationReport report = Verify(
                null,
                Signed(format, TimeSpan.FromSeconds(ageSeconds) + TimeSpan.FromMilliseconds(-110 * Math.Sign(ageSeconds)))
            );
            Assert.Equal(valid, report.Valid);
            Assert.Equal(s_secret.Fingerprint, report.MatchedFingerprint);
            Assert.Equal(valid ? CheckResult.Passed : CheckResult.Failed, ResultOf(report, CheckNames.Timestamp));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Verify_OtherBodyOrSecret_SaysThatNoSecretMatches(SignatureFormat format)
    {
        foreach (
            VerificationReport report in new[] { Verify(null, Signed(format), Body + "1"), Verify(null, Signed(format), Body, null, SigningSecret.Generate()) }
        )
        {
            Assert.False(report.Valid);
            Assert.Null(report.MatchedFingerprint);
            Assert.Contains("No secret matches", report.Summary, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Verify_ReserialisedBody_IsToldApart(SignatureFormat format)
    {
        VerificationReport report = Verify(null, Signed(format), "{\n  \"a\": 1,\n  \"b\": \"\\u00e9\"\n}\n");
        Assert.False(report.Valid);
        Assert.Equal(CheckResult.Failed, ResultOf(report, CheckNames.Body));
        Assert.Equal(CheckResult.Passed, ResultOf(report, CheckNames.Key));
        Assert.Contains("re-serialised", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_KeyMadeTheWrongWay_IsToldApart()
    {
        byte[] text = Encoding.UTF8.GetBytes(s_secret.Text);
        (SignatureFormat Format, byte[] Key)[] mistakes =
        [
            (SignatureFormat.Standard, text),
            (SignatureFormat.Svix, text[6..]),
            (SignatureFormat.BodyHex, s_secret.DecodedKey.ToArray()),
            (SignatureFormat.TimestampedHex, text[6..]),
        ];
        foreach ((SignatureFormat format, byte[] key) in mistakes)
        {
            VerificationReport report = Verify(null, SignedWithKey(format, key));
            Assert.False(report.Valid);
            Assert.Equal(CheckResult.Failed, ResultOf(report, CheckNames.Key));
            Assert.Equal(CheckResult.Passed, ResultOf(report, CheckNames.Body));
            Assert.Contains("whsec_", report.Summary, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Verify_HexSecretPastedWithoutPrefix_IsToldApart()
    {
        VerificationReport report = Verify(null, Signed(SignatureFormat.BodyHex), Body, null, SigningSecret.FromText("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        Assert.False(report.Valid);
        Assert.Contains("'whsec_' is missing", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NoSignatureHeader_SaysSo()
    {
        VerificationReport report = Verify(null, [new("Content-Type", "application/json")]);
        Assert.False(report.Valid);
        Assert.Null(report.Format);
        Assert.Contains("No signature header", report.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Skipped, ResultOf(report, CheckNames.Signature));
    }

    [Fact]
    public void Verify_SignedHeaderMissing_IsNamed()
    {
        List<HeaderField> headers = Signed(SignatureFormat.TimestampedHex);
        headers.RemoveAll(h => h.Name == "X-Timestamp");
        Assert.Contains("X-Timestamp", Verify(null, headers).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NoUsableSecret_SaysSo()
    {
        List<HeaderField> headers = Signed(SignatureFormat.Standard);
        Assert.Contains("no secret", SignatureVerifier.Verify(null, headers, "{}"u8, [], s_now).Summary, StringComparison.Ordinal);
        Assert.Contains(
            "None of the secrets",
            Verify(null, headers, Body, null, SigningSecret.FromText("not base64 at all")).Summary,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("v1,")]
    [InlineData("v1,,, v1a,xyz v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("sha256=zz")]
    [InlineData("99999999999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("-1")]
    [InlineData("１２３")]
    [InlineData("2026-13-45T99:99:99Z")]
    [InlineData("\0\ud83d")]
    public void Verify_GarbageAnywhere_GivesAReport(string garbage)
    {
        foreach (SignatureFormat format in Enum.GetValues<SignatureFormat>())
        {
            foreach (string name in SignatureFormats.For(format).HeaderNames(null))
            {
                List<HeaderField> headers = [.. Signed(format).Select(h => h.Name == name ? h with { Value = garbage } : h), new(garbage, garbage)];
                Assert.NotEmpty(Verify(format, headers).Summary);
                Assert.NotEmpty(Verify(null, headers, garbage).Summary);
                Assert.NotEmpty(Verify(null, headers, Body, garbage).Summary);
            }
        }

        Assert.False(SignatureVerifier.Verify(null, [new(null!, null!)], [0xff, 0x00], [s_secret], s_now).Valid);
    }
}
