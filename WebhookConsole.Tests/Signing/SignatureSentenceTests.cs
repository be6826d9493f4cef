using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

/// <summary>What the verifier tells people, sentence by sentence: who reads one must learn what to do next.</summary>
public sealed class SignatureSentenceTests
{
    private const string Body = """{"a":1,"b":"é"}""";
    private const string Text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string SeeAbove = "Not checked: see above.";
    private const string NoneMatches = "No secret matches: the signer used another secret, or what was signed differs from what arrived.";
    private const string CannotBeTold = "Cannot be determined, because no secret matches.";

    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly SigningSecret s_secret = SigningSecret.FromText(Text);

    private static List<HeaderField> Signed(SignatureFormat format, TimeSpan age = default, byte[]? key = null, string body = Body)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        List<HeaderField> headers = [];
        scheme.Sign(Guid.Empty, s_now - age, Encoding.UTF8.GetBytes(body), [s_secret], null, headers);
        if (key is not null)
        {
            string prefix = string.Concat(scheme.SignedHeaders.Select(n => headers.Single(h => h.Name == n).Value + "."));
            int at = headers.FindIndex(h => h.Name == scheme.SignatureHeader(null));
            headers[at] = headers[at] with { Value = scheme.Encode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(prefix + body))) };
        }

        return headers;
    }

    private static VerificationReport Verify(List<HeaderField> headers, string body = Body, SignatureFormat? format = null, params SigningSecret[] secrets) =>
        SignatureVerifier.Verify(format, headers, Encoding.UTF8.GetBytes(body), secrets is [] ? [s_secret] : secrets, s_now);

    private static (CheckResult, string) Check(VerificationReport report, string name)
    {
        VerificationCheck check = report.Checks.Single(c => c.Name == name);
        return (check.Result, check.Sentence);
    }

    [Fact]
    public void Names_All_AreInTheOrderOfTheChecks() =>
        Assert.Equal(["Headers present", "Timestamp", "Signed bytes", "Signature", "Body unchanged", "Key"], CheckNames.All);

    [Theory]
    [InlineData(SignatureFormat.Standard, "webhook-id + '.' + webhook-timestamp + '.' + body: 64 bytes", "The key is the decoded base64 after 'whsec_'.")]
    [InlineData(SignatureFormat.Svix, "svix-id + '.' + svix-timestamp + '.' + body: 64 bytes", "The key is the decoded base64 after 'whsec_'.")]
    [InlineData(SignatureFormat.BodyHex, "body: 16 bytes", "The key is the whole text of the secret.")]
    [InlineData(SignatureFormat.TimestampedHex, "X-Timestamp + '.' + body: 30 bytes", "The key is the whole text of the secret.")]
    public void Verify_GenuineRequest_SaysWhatWasFound(SignatureFormat format, string bytes, string key)
    {
        string name = SignatureFormats.NameOf(format);
        VerificationReport report = Verify(Signed(format));
        Assert.Equal($"Valid: signed in the format '{name}' with the secret {s_secret.Fingerprint}.", report.Summary);
        Assert.Equal((CheckResult.Passed, $"The headers of the format '{name}' are present."), Check(report, CheckNames.Headers));
        Assert.Equal((CheckResult.Passed, "The timestamp is 0 s ago, within 5 minutes."), Check(report, CheckNames.Timestamp));
        Assert.Equal((CheckResult.Passed, $"The signature covers {bytes}, of which 16 are the body."), Check(report, CheckNames.SignedBytes));
        Assert.Equal((CheckResult.Passed, $"The secret {s_secret.Fingerprint} made this signature."), Check(report, CheckNames.Signature));
        Assert.Equal((CheckResult.Passed, "The body is byte for byte the one that was signed."), Check(report, CheckNames.Body));
        Assert.Equal((CheckResult.Passed, key), Check(report, CheckNames.Key));
    }

    [Fact]
    public void Verify_NoSignatureHeader_SaysWhatToDo()
    {
        VerificationReport report = Verify([]);
        Assert.Equal("Not valid: No signature header was found. Paste all headers of the request, or choose the format.", report.Summary);
        Assert.All(report.Checks.Skip(1), c => Assert.Equal((CheckResult.Skipped, SeeAbove), (c.Result, c.Sentence)));
    }

    [Fact]
    public void Verify_SignedHeadersMissing_NamesThem()
    {
        VerificationReport report = Verify([new("webhook-signature", "v1,x")]);
        Assert.Equal(
            (
                CheckResult.Failed,
                "The format 'standard' needs webhook-id, webhook-timestamp, which the request does not have. Was another format meant, or did a proxy drop a header?"
            ),
            Check(report, CheckNames.Headers)
        );
        Assert.Equal((CheckResult.Skipped, "There is no webhook-timestamp."), Check(report, CheckNames.Timestamp));
        Assert.Equal((CheckResult.Skipped, SeeAbove), Check(report, CheckNames.SignedBytes));
        Assert.Equal((CheckResult.Skipped, SeeAbove), Check(report, CheckNames.Signature));
        Assert.False(report.Valid);
        Assert.Null(report.MatchedFingerprint);
    }

    [Fact]
    public void Verify_FormatGivenAndOnlyItsSignatureMissing_NamesIt()
    {
        List<HeaderField> headers = Signed(SignatureFormat.TimestampedHex);
        headers.RemoveAll(h => h.Name == "X-Signature");
        VerificationReport report = Verify(headers, format: SignatureFormat.TimestampedHex);
        Assert.StartsWith("The format 'timestamped-hex' needs X-Signature, which", Check(report, CheckNames.Headers).Item2, StringComparison.Ordinal);
        Assert.Equal((CheckResult.Skipped, SeeAbove), Check(report, CheckNames.SignedBytes));
    }

    [Fact]
    public void Verify_TimestampUnreadable_SaysItsForm()
    {
        List<HeaderField> headers = [.. Signed(SignatureFormat.BodyHex).Select(h => h.Name == "X-Webhook-Timestamp" ? h with { Value = "today" } : h)];
        VerificationReport report = Verify(headers);
        Assert.Equal(
            (CheckResult.Failed, "X-Webhook-Timestamp cannot be read: this format writes it as ISO 8601 in UTC."),
            Check(report, CheckNames.Timestamp)
        );
        Assert.False(report.Valid);
        Assert.Equal(s_secret.Fingerprint, report.MatchedFingerprint);
    }

    [Theory]
    [InlineData(1, "1 s ago")]
    [InlineData(-1, "1 s in the future")]
    [InlineData(119, "119 s ago")]
    [InlineData(120, "2 min ago")]
    [InlineData(300, "5 min ago")]
    [InlineData(-300, "5 min in the future")]
    public void Verify_TimestampNearNow_SaysHowFar(int seconds, string distance) =>
        Assert.Equal(
            (CheckResult.Passed, $"The timestamp is {distance}, within 5 minutes."),
            Check(Verify(Signed(SignatureFormat.Standard, TimeSpan.FromSeconds(seconds))), CheckNames.Timestamp)
        );

    [Theory]
    [InlineData(301, "5 min ago")]
    [InlineData(-301, "5 min in the future")]
    [InlineData((2 * 3600) - 1, "119 min ago")]
    [InlineData(2 * 3600, "2 h ago")]
    [InlineData((2 * 86400) - 1, "47 h ago")]
    [InlineData(2 * 86400, "2 days ago")]
    public void Verify_TimestampFarFromNow_SaysHowFar(int seconds, string distance)
    {
        VerificationReport report = Verify(Signed(SignatureFormat.Standard, TimeSpan.FromSeconds(seconds)));
        Assert.Equal(
            (
                CheckResult.Failed,
                $"The timestamp is {distance}; receivers accept at most 5 minutes. {(seconds < 0 ? "The sender's clock is ahead, or this one is behind." : "An old request was sent again, or a clock is wrong.")}"
            ),
            Check(report, CheckNames.Timestamp)
        );
        Assert.StartsWith("Not valid: The timestamp is", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OtherSecret_SaysThatNoneMatches()
    {
        VerificationReport report = Verify(Signed(SignatureFormat.Standard), secrets: SigningSecret.Generate());
        Assert.Equal("Not valid: " + NoneMatches, report.Summary);
        Assert.Equal((CheckResult.Failed, NoneMatches), Check(report, CheckNames.Signature));
        Assert.Equal((CheckResult.Skipped, CannotBeTold), Check(report, CheckNames.Body));
        Assert.Equal((CheckResult.Skipped, CannotBeTold), Check(report, CheckNames.Key));
    }

    [Fact]
    public void Verify_NothingToCheckWith_SaysSo()
    {
        VerificationReport none = SignatureVerifier.Verify(null, Signed(SignatureFormat.Standard), "{}"u8, [], s_now);
        Assert.Equal("Not valid: There is no secret to check with.", none.Summary);
        VerificationReport unusable = Verify(Signed(SignatureFormat.Svix), secrets: SigningSecret.FromText("my own pass word"));
        Assert.Equal("Not valid: None of the secrets can be used in the format 'svix', whose key is base64 after 'whsec_'.", unusable.Summary);
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, "v1,abc", "webhook-signature does not have the form of this format: 'v1,' and base64.")]
    [InlineData(SignatureFormat.TimestampedHex, "abc", "X-Signature does not have the form of this format: 64 lower-case hex digits.")]
    public void Verify_SignatureOfNoForm_SaysTheForm(SignatureFormat format, string signature, string sentence)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        List<HeaderField> headers = [.. Signed(format).Select(h => h.Name == scheme.SignatureHeader(null) ? h with { Value = signature } : h)];
        Assert.Equal("Not valid: " + sentence, Verify(headers).Summary);
    }

    [Fact]
    public void Verify_OneOfSeveralSignaturesOfTheForm_IsComparedAsUsual()
    {
        List<HeaderField> headers = [.. Signed(SignatureFormat.Standard).Select(h => h.Name == "webhook-signature" ? h with { Value = "x  " + h.Value } : h)];
        Assert.True(Verify(headers).Valid);
        Assert.Equal("Not valid: " + NoneMatches, Verify(headers, secrets: SigningSecret.Generate()).Summary);
    }

    [Fact]
    public void Verify_SameSignatureTwice_IsValid() =>
        Assert.True(Verify([.. Signed(SignatureFormat.Svix).Select(h => h.Name == "svix-signature" ? h with { Value = $"{h.Value} {h.Value}" } : h)]).Valid);

    [Theory]
    [InlineData(SignatureFormat.BodyHex)]
    [InlineData(SignatureFormat.TimestampedHex)]
    public void Verify_SeveralSignaturesInAHexFormat_IsNotValid(SignatureFormat format)
    {
        string name = SignatureFormats.For(format).SignatureHeader(null);
        Assert.False(Verify([.. Signed(format).Select(h => h.Name == name ? h with { Value = "x " + h.Value } : h)]).Valid);
    }

    [Fact]
    public void Verify_EveryHeaderMissing_NamesThemInTheirOrder() =>
        Assert.StartsWith(
            "The format 'svix' needs svix-id, svix-timestamp, svix-signature, which",
            Check(Verify([], format: SignatureFormat.Svix), CheckNames.Headers).Item2,
            StringComparison.Ordinal
        );

    [Fact]
    public void Verify_OwnHeaderOfAnyName_IsUsed()
    {
        List<HeaderField> headers = [];
        SignatureFormats.For(SignatureFormat.BodyHex).Sign(Guid.Empty, s_now, Encoding.UTF8.GetBytes(Body), [s_secret], "X-Checksum", headers);
        foreach (SignatureFormat? format in new SignatureFormat?[] { SignatureFormat.BodyHex, null })
        {
            Assert.True(SignatureVerifier.Verify(format, headers, Encoding.UTF8.GetBytes(Body), [s_secret], s_now, " X-Checksum ").Valid);
            Assert.False(SignatureVerifier.Verify(format, headers, Encoding.UTF8.GetBytes(Body), [s_secret], s_now).Valid);
        }
    }

    [Fact]
    public void Verify_ReserialisedBody_SaysWhatToVerify()
    {
        VerificationReport report = Verify(Signed(SignatureFormat.Standard), """{ "a": 1, "b": "é" }""");
        Assert.Equal(
            "Not valid: The body was re-serialised: its compact form is what was signed. Verify the raw bytes of the request before any JSON parser touches them.",
            report.Summary
        );
        Assert.Equal((CheckResult.Passed, $"With that body, the secret {s_secret.Fingerprint} matches."), Check(report, CheckNames.Key));
    }

    [Fact]
    public void Verify_ReserialisedBodyAndKeyMadeWrong_SaysBoth()
    {
        VerificationReport report = Verify(Signed(SignatureFormat.Standard, key: Encoding.UTF8.GetBytes(Text)), """{ "a": 1, "b": "é" }""");
        Assert.StartsWith("The body was re-serialised", Check(report, CheckNames.Body).Item2, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Failed, Check(report, CheckNames.Body).Item1);
        Assert.Equal(CheckResult.Failed, Check(report, CheckNames.Key).Item1);
    }

    [Theory]
    [InlineData(
        SignatureFormat.Standard,
        Text,
        "the signer used the text with 'whsec_' as the key; in this format the key is the decoded base64 after 'whsec_'"
    )]
    [InlineData(SignatureFormat.Standard, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "the signer used the text after 'whsec_' without decoding it from base64")]
    [InlineData(
        SignatureFormat.BodyHex,
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "the signer left out 'whsec_'; in this format the key is the whole text, including 'whsec_'"
    )]
    [InlineData(SignatureFormat.BodyHex, null, "the signer decoded the base64 after 'whsec_'; in this format the key is the whole text, including 'whsec_'")]
    public void Verify_KeyMadeWrong_SaysHow(SignatureFormat format, string? key, string mistake)
    {
        byte[] bytes = key is null ? s_secret.DecodedKey.ToArray() : Encoding.UTF8.GetBytes(key);
        VerificationReport report = Verify(Signed(format, key: bytes), secrets: [SigningSecret.Generate(), s_secret]);
        Assert.Equal($"Not valid: The secret {s_secret.Fingerprint} would match, but {mistake}.", report.Summary);
        Assert.Equal((CheckResult.Passed, "The body is byte for byte the one that was signed."), Check(report, CheckNames.Body));
    }

    [Fact]
    public void Verify_PrefixMissingBeforeTheSecret_SaysSo()
    {
        var pasted = SigningSecret.FromText(Text[6..]);
        VerificationReport report = Verify(Signed(SignatureFormat.BodyHex), secrets: pasted);
        Assert.Equal(
            $"Not valid: The secret {pasted.Fingerprint} would match, but 'whsec_' is missing before it; in this format the key is the whole text, including 'whsec_'.",
            report.Summary
        );
    }

    /// <summary>In the base64 formats a secret without <c>whsec_</c> is the same key; nothing is missing.</summary>
    [Fact]
    public void Verify_PrefixMissingInABase64Format_IsValid() =>
        Assert.True(Verify(Signed(SignatureFormat.Standard), secrets: SigningSecret.FromText(Text[6..])).Valid);

    [Fact]
    public void Verify_BlankOwnHeader_IsNone()
    {
        List<HeaderField> headers = Signed(SignatureFormat.BodyHex);
        byte[] body = Encoding.UTF8.GetBytes(Body);
        foreach (string? own in new[] { null, "", "  ", " X-Webhook-Signature " })
        {
            Assert.True(SignatureVerifier.Verify(SignatureFormat.BodyHex, headers, body, [s_secret], s_now, own).Valid);
            Assert.True(SignatureVerifier.Verify(null, headers, body, [s_secret], s_now, own).Valid);
        }
    }
}
