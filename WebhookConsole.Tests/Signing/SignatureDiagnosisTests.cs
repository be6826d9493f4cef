using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Signing.Diagnosis;

namespace WebhookConsole.Tests.Signing;

/// <summary>The mistakes that people make, one by one and in every format: each is made here, and the verifier has to name it.</summary>
public sealed class SignatureDiagnosisTests
{
    private const string Body = """{"b":"é/<x>","a":{"n":1.0,"list":[1,2]}}""";

    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly SigningSecret s_secret = SigningSecret.FromText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa+/");

    // What was signed, what arrived, and what the verifier has to say.
    private static readonly (string Signed, string Arrived, string Says)[] s_bodies =
    [
        (Body, """{ "b": "\u00e9/<x>", "a": { "n": 1.0, "list": [1, 2] } }""", "its compact form is what was signed"),
        (Body + "\n", Body, "lost its last line feed (LF)"),
        (Body + "\r\n", Body, "lost its last line break (CR LF)"),
        (Body, Body + "\n", "line break at the end"),
        (Body, Body + "  ", "white space at its beginning or end"),
        ("{\r\n}", "{\n}", "from CR LF to LF"),
        ("{\n}", "{\r\n}", "from LF to CR LF"),
        ("\ufeff" + Body, Body, "lost its byte order mark"),
        (Body, "\ufeff" + Body, "has a byte order mark"),
        ("text é", "text Ã©", "read as Latin-1"),
        ("""{"b": "\u00e9/<x>", "a": {"n": 1.0, "list": [1, 2]}}""", Body, "Python's json.dumps writes"),
        ("""{"b": "é/<x>", "a": {"n": 1.0, "list": [1, 2]}}""", Body, "ensure_ascii=False"),
        ("""{"b":"\u00e9/<x>","a":{"n":1.0,"list":[1,2]}}""", Body, "separators=(',', ':')"),
        ("""{"b":"\u00e9\/<x>","a":{"n":1.0,"list":[1,2]}}""", Body, "PHP's json_encode"),
        ("""{"b":"\u00E9/\u003Cx\u003E","a":{"n":1.0,"list":[1,2]}}""", Body, ".NET's JsonSerializer"),
        ("""{"b":"é/\u003cx\u003e","a":{"n":1.0,"list":[1,2]}}""", Body, "Go's json.Marshal of a struct"),
        ("""{"a":{"list":[1,2],"n":1.0},"b":"é/<x>"}""", Body, "sorts the keys"),
        (
            """
            {
              "b": "é/<x>",
              "a": {
                "n": 1.0,
                "list": [
                  1,
                  2
                ]
              }
            }
            """,
            Body,
            "an indent of 2"
        ),
    ];

    public static TheoryData<SignatureFormat, int> Bodies
    {
        get
        {
            TheoryData<SignatureFormat, int> data = [];
            foreach (SignatureFormat format in Enum.GetValues<SignatureFormat>())
            {
                for (int i = 0; i < s_bodies.Length; i++)
                {
                    data.Add(format, i);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Body_ChangedOnTheWay_IsNamed(SignatureFormat format, int at)
    {
        (string signed, string arrived, string says) = s_bodies[at];
        VerificationReport report = Verify(Signed(format, signed), arrived);
        Assert.False(report.Valid);
        Assert.Equal(CheckNames.Body, report.Cause!.Name);
        Assert.Contains(says, report.Cause.Sentence, StringComparison.Ordinal);
        Assert.Equal("Not valid: " + report.Cause.Sentence, report.Summary);
    }

    [Fact]
    public void Body_InLatin1_IsNamed()
    {
        VerificationReport report = SignatureVerifier.Verify(
            null,
            Signed(SignatureFormat.Standard, "{\"a\":\"é\"}"),
            Encoding.Latin1.GetBytes("{\"a\":\"é\"}"),
            [s_secret],
            s_now
        );
        Assert.Equal("The body arrived in Latin-1 instead of UTF-8.", report.Cause!.Sentence);
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, " {0}", "a space or a line break before or after it")]
    [InlineData(SignatureFormat.BodyHex, "{0}\n", "a space or a line break before or after it")]
    [InlineData(SignatureFormat.Svix, "\"{0}\"", "quotation marks around it")]
    [InlineData(SignatureFormat.TimestampedHex, "'{0}'", "quotation marks around it")]
    public void Secret_GivenUnclean_IsNamed(SignatureFormat format, string pattern, string says)
    {
        var given = SigningSecret.FromText(string.Format(CultureInfo.InvariantCulture, pattern, s_secret.Text));
        Assert.Contains(says, Verify(Signed(format, Body), Body, given).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_InBase64Url_IsNamed() =>
        Assert.Contains(
            "base64url",
            Verify(Signed(SignatureFormat.Standard, Body), Body, SigningSecret.FromText(s_secret.Text.Replace('+', '-').Replace('/', '_'))).Summary,
            StringComparison.Ordinal
        );

    [Fact]
    public void Secret_WithALineFeedInTheKey_IsNamed()
    {
        List<HeaderField> headers = Signed(SignatureFormat.BodyHex, Body);
        byte[] key = [.. s_secret.TextKey, (byte)'\n'];
        Set(headers, "X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Body))));
        Assert.Contains("ends with a line feed", Verify(headers, Body).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, "", "the body alone")]
    [InlineData(SignatureFormat.Svix, "{time}.", "svix-timestamp + '.' + the body")]
    [InlineData(SignatureFormat.Standard, "{time}.{id}.", "webhook-timestamp + '.' + webhook-id")]
    [InlineData(SignatureFormat.Standard, "{id}.{time}000.", "the timestamp in milliseconds")]
    [InlineData(SignatureFormat.Standard, "{request}.{time}.", "the value of X-Request-Id in place of webhook-id")]
    [InlineData(SignatureFormat.TimestampedHex, "", "the body alone")]
    [InlineData(SignatureFormat.TimestampedHex, "{time}", "without a dot")]
    [InlineData(SignatureFormat.BodyHex, "{id}.{time}.", "X-Webhook-ID + '.' + X-Webhook-Timestamp")]
    public void SignedText_OfAnotherForm_IsNamed(SignatureFormat format, string pattern, string says)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        List<HeaderField> headers = Signed(format, Body);
        string request = "0193a000-0000-7000-8000-00000000000f";
        headers.Add(new HeaderField("X-Request-Id", request));
        string prefix = pattern
            .Replace("{id}", Find(headers, scheme.IdHeader), StringComparison.Ordinal)
            .Replace("{time}", Find(headers, scheme.TimestampHeader), StringComparison.Ordinal)
            .Replace("{request}", request, StringComparison.Ordinal);
        Set(headers, scheme.SignatureHeader(null), scheme.Encode(Hash(format, prefix, Body)));
        VerificationReport report = Verify(headers, Body);
        Assert.Equal(CheckNames.SignedBytes, report.Cause!.Name);
        Assert.Contains(says, report.Cause.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignatureFormat.BodyHex, "upper", "upper-case hex")]
    [InlineData(SignatureFormat.TimestampedHex, "base64", "base64")]
    [InlineData(SignatureFormat.BodyHex, "sha256", "lower-case hex after 'sha256='")]
    [InlineData(SignatureFormat.Standard, "hex", "lower-case hex")]
    [InlineData(SignatureFormat.Svix, "base64", "base64")]
    public void Signature_InAnotherForm_IsNamed(SignatureFormat format, string form, string says)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        List<HeaderField> headers = Signed(format, Body);
        byte[] hash = Hash(format, string.Concat(scheme.SignedHeaders.Select(n => Find(headers, n) + ".")), Body);
        string written = form switch
        {
            "upper" => Convert.ToHexString(hash),
            "base64" => Convert.ToBase64String(hash),
            "sha256" => "sha256=" + Convert.ToHexStringLower(hash),
            _ => Convert.ToHexStringLower(hash),
        };
        Set(headers, scheme.SignatureHeader(null), written);
        VerificationReport report = Verify(headers, Body);
        Assert.Equal($"{scheme.SignatureHeader(null)} holds the right hash, but in {says}; this format writes {scheme.SignatureForm}.", report.Cause!.Sentence);
    }

    [Fact]
    public void Signature_InAnotherHeader_IsNamed()
    {
        List<HeaderField> headers = Signed(SignatureFormat.BodyHex, Body);
        headers.Add(new HeaderField("X-Old-Signature", Find(headers, "X-Webhook-Signature")));
        Set(headers, "X-Webhook-Signature", new string('0', 64));
        Assert.Equal(
            "The header X-Old-Signature holds a signature that matches; this format reads X-Webhook-Signature.",
            Verify(headers, Body).Cause!.Sentence
        );
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, "1772600767000", "webhook-timestamp is in Unix milliseconds: this format writes it as Unix seconds.")]
    [InlineData(SignatureFormat.TimestampedHex, "1772600767", "X-Timestamp is in Unix seconds: this format writes it as Unix milliseconds.")]
    [InlineData(SignatureFormat.Svix, "2026-03-04T05:06:07Z", "svix-timestamp is in ISO 8601 in UTC: this format writes it as Unix seconds.")]
    [InlineData(SignatureFormat.BodyHex, "1772600767", "X-Webhook-Timestamp is in Unix seconds: this format writes it as ISO 8601 in UTC.")]
    public void Timestamp_InTheFormOfAnotherFormat_IsNamed(SignatureFormat format, string text, string says)
    {
        List<HeaderField> headers = Signed(format, Body);
        Set(headers, SignatureFormats.For(format).TimestampHeader, text);
        Assert.StartsWith(says, Verify(headers, Body).Checks.Single(c => c.Name == CheckNames.Timestamp).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignatureFormat.Standard, "right", true, "Your code computes the right signature.")]
    [InlineData(SignatureFormat.TimestampedHex, "right", true, "Your code computes the right signature.")]
    [InlineData(SignatureFormat.Standard, "hex", false, "It is written in lower-case hex")]
    [InlineData(SignatureFormat.Standard, "text", false, "it used the text with 'whsec_' as the key")]
    [InlineData(SignatureFormat.BodyHex, "decoded", false, "it decoded the base64 after 'whsec_'")]
    [InlineData(SignatureFormat.Svix, "body", false, "Your code signs the wrong text. What was signed is the body alone")]
    [InlineData(SignatureFormat.BodyHex, "pretty", false, "Your code signs another body. The body was re-serialised")]
    [InlineData(SignatureFormat.BodyHex, "other", false, "another secret or another body")]
    [InlineData(SignatureFormat.BodyHex, "short", false, "This is not an HMAC-SHA256")]
    public void Computed_ByTheReceiver_IsExplained(SignatureFormat format, string way, bool right, string says)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        List<HeaderField> headers = Signed(format, Body);
        string prefix = string.Concat(scheme.SignedHeaders.Select(n => Find(headers, n) + "."));
        string computed = way switch
        {
            "right" => scheme.Encode(Hash(format, prefix, Body)),
            "hex" => Convert.ToHexStringLower(Hash(format, prefix, Body)),
            "text" => scheme.Encode(HMACSHA256.HashData(s_secret.TextKey, Encoding.UTF8.GetBytes(prefix + Body))),
            "decoded" => scheme.Encode(HMACSHA256.HashData(s_secret.DecodedKey, Encoding.UTF8.GetBytes(prefix + Body))),
            "body" => scheme.Encode(Hash(format, "", Body)),
            "pretty" => scheme.Encode(Hash(format, prefix, """{"b": "é/<x>", "a": {"n": 1.0, "list": [1, 2]}}""")),
            "other" => scheme.Encode(new byte[32]),
            _ => "abc",
        };
        VerificationReport report = SignatureVerifier.Verify(null, headers, Encoding.UTF8.GetBytes(Body), [s_secret], s_now, null, computed);
        VerificationCheck check = report.Checks.Single(c => c.Name == CheckNames.Computed);
        Assert.True(report.Valid);
        Assert.Equal(right ? CheckResult.Passed : CheckResult.Failed, check.Result);
        Assert.Contains(says, check.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"b":2}""", null)]
    [InlineData("""{"b":1,"a":2}""", """{"a":2,"b":1}""", "sorts the keys")]
    [InlineData(
        """{"b":1,"a":2}""",
        "{\n  \"b\": 1,\n  \"a\": 2\n}\n",
        "an indent of 2 writes. Verify the raw bytes of the request before any JSON parser touches them. It also has a line feed"
    )]
    [InlineData("""{"b":1,"a":2}""", """{"b":1,"a":2}""" + "\n", "an extra line feed (LF)")]
    [InlineData("""{"b":1,"a":2}""", """{"b":1,"a""", "cut off: only 9 of 13 bytes")]
    [InlineData("""{"b":1,"a":2}""", """{"b":1,"a":3}""", "The first difference is at byte 12: “2}” was sent, “3}” arrived.")]
    [InlineData("abc", "abc def", "followed by 4 bytes")]
    public void Difference_FromWhatWasSent_IsNamed(string sent, string arrived, string? says)
    {
        string? sentence = BodyVariant.Difference(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(arrived));
        if (says is null)
        {
            Assert.Null(sentence);
        }
        else
        {
            Assert.Contains(says, sentence, StringComparison.Ordinal);
        }
    }

    /// <summary>An inbox checks every request that anybody sends to it.</summary>
    [Fact]
    public void Search_LargeBodyAndManySecrets_HashesABoundedAmount()
    {
        SigningSecret[] secrets = [.. Enumerable.Range(0, 5).Select(_ => SigningSecret.Generate())];
        byte[] body = Encoding.UTF8.GetBytes("\"" + new string('x', 256 * 1024) + "\"");
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.False(SignatureVerifier.Verify(null, Signed(SignatureFormat.Standard, "{}"), body, secrets, s_now).Valid);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(5));
    }

    private static List<HeaderField> Signed(SignatureFormat format, string body)
    {
        List<HeaderField> headers = [];
        SignatureFormats.For(format).Sign(Guid.Empty, s_now, Encoding.UTF8.GetBytes(body), [s_secret], null, headers);
        return headers;
    }

    private static byte[] Hash(SignatureFormat format, string prefix, string body) =>
        HMACSHA256.HashData(SignatureFormats.For(format).UsesDecodedKey ? s_secret.DecodedKey : s_secret.TextKey, Encoding.UTF8.GetBytes(prefix + body));

    private static VerificationReport Verify(List<HeaderField> headers, string body, SigningSecret? secret = null) =>
        SignatureVerifier.Verify(null, headers, Encoding.UTF8.GetBytes(body), [secret ?? s_secret], s_now);

    private static string Find(List<HeaderField> headers, string name) => headers.Single(h => h.Name == name).Value;

    private static void Set(List<HeaderField> headers, string name, string value) =>
        headers[headers.FindIndex(h => h.Name == name)] = new HeaderField(name, value);
}
