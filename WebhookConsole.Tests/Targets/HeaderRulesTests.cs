using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

public sealed class HeaderRulesTests
{
    private static readonly string[] s_signatureHeaders = ["X-Webhook-ID", "X-Webhook-Timestamp", "X-Own-Signature"];

    private static string? Problem(params HeaderField[] headers) => HeaderRules.ProblemOf(headers, s_signatureHeaders);

    [Theory]
    [InlineData("Connection")]
    [InlineData("Content-Length")]
    [InlineData("Expect")]
    [InlineData("Host")]
    [InlineData("HTTP2-Settings")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Anything")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Connection")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    public void Name_OfTheConnectionInAnyCase_IsRefused(string name) =>
        AssertRefused(name, "The header '{0}' belongs to the connection, not to the webhook; choose another.");

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("Content-Encoding")]
    [InlineData("Content-Range")]
    [InlineData("User-Agent")]
    [InlineData("X-Request-Id")]
    [InlineData("X-Webhook-Event")]
    [InlineData("Accept-Encoding")]
    [InlineData("Date")]
    [InlineData("Cookie")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("webhook-id")]
    [InlineData("webhook-timestamp")]
    [InlineData("webhook-signature")]
    [InlineData("svix-id")]
    [InlineData("svix-timestamp")]
    [InlineData("svix-signature")]
    [InlineData("X-Webhook-ID")]
    [InlineData("X-Webhook-Timestamp")]
    [InlineData("X-Timestamp")]
    [InlineData("X-Signature")]
    public void Name_ReservedInAnyCase_IsRefused(string name) => AssertRefused(name, "The header '{0}' is set by WebhookConsole; choose another.");

    [Theory]
    [InlineData("\u200b=1")]
    [InlineData("X\u200bKey")]
    [InlineData("X-Key\uFF11")]
    public void Name_BeyondLatin1_IsRefused(string name) =>
        Assert.Contains("is not a header name", Problem(new HeaderField(name, "x")), StringComparison.Ordinal);

    private static void AssertRefused(string name, string sentence)
    {
        foreach (string spelling in new[] { name, name.ToUpperInvariant(), name.ToLowerInvariant() })
        {
            string expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, spelling);
            Assert.Equal(expected, Problem(new HeaderField(spelling, "x")));
            Assert.Equal(expected, HeaderRules.ProblemOfSignatureHeader(spelling));
        }
    }

    [Theory]
    [InlineData("X-Webhook-Signature")]
    [InlineData("x-webhook-signature")]
    public void Name_DefaultSignatureHeader_IsTakenForTheSignatureOnly(string name)
    {
        Assert.Null(HeaderRules.ProblemOfSignatureHeader(name));
        Assert.Equal($"The header '{name}' is set by WebhookConsole; choose another.", Problem(new HeaderField(name, "x")));
    }

    [Fact]
    public void Name_EveryCharacter_IsTakenWhenItIsOfATokenOnly()
    {
        for (int c = 0; c <= 0xFF; c++)
        {
            // RFC 9110, section 5.6.2.
            bool token = char.IsAsciiLetterOrDigit((char)c) || "!#$%&'*+-.^_`|~".Contains((char)c, StringComparison.Ordinal);
            string name = $"X-{(char)c}";
            string? expected = token ? null : $"'{name}' is not a header name: use letters, digits and '-', at most 64.";
            Assert.Equal(expected, Problem(new HeaderField(name, "x")));
            Assert.Equal(expected, HeaderRules.ProblemOfSignatureHeader(name));
            Assert.Equal(token, HeaderRules.CanBeSent(new HeaderField(name, "x")));
        }
    }

    [Fact]
    public void Name_Length_IsOneTo64()
    {
        Assert.Null(Problem(new HeaderField(new string('x', 64), "x")));
        Assert.Equal("'xxxxxxxxxxxx…' is not a header name: use letters, digits and '-', at most 64.", Problem(new HeaderField(new string('x', 65), "x")));
        Assert.Equal("'' is not a header name: use letters, digits and '-', at most 64.", Problem(new HeaderField("", "x")));
        Assert.Equal("'' is not a header name: use letters, digits and '-', at most 64.", Problem(new HeaderField(null!, "x")));
    }

    [Fact]
    public void Name_TwiceOrOfTheSignature_IsRefused()
    {
        Assert.Equal(
            "The header 'x-tenant' appears twice, or is the signature header.",
            Problem(new HeaderField("X-Tenant", "1"), new HeaderField("x-tenant", "2"))
        );
        Assert.Equal("The header 'x-own-signature' appears twice, or is the signature header.", Problem(new HeaderField("x-own-signature", "1")));
        Assert.Null(Problem(new HeaderField("X-Tenant", "1"), new HeaderField("X-Region", "1"), new HeaderField("Proxy", "1")));
    }

    [Fact]
    public void Value_EveryCharacter_IsTakenWhenItIsPrintableAsciiOnly()
    {
        for (int c = 0; c <= 0xFF; c++)
        {
            bool printable = c is >= 0x20 and <= 0x7E;
            HeaderField header = new("X-Tenant", $"a{(char)c}b");
            Assert.Equal(printable ? null : "The value of 'X-Tenant' must be at most 1024 printable ASCII characters.", Problem(header));
            Assert.Equal(printable, HeaderRules.CanBeSent(header));
        }
    }

    [Fact]
    public void Value_Length_IsAtMost1024()
    {
        Assert.Null(Problem(new HeaderField("X-Tenant", "")));
        Assert.Null(Problem(new HeaderField("X-Tenant", new string('v', 1024))));
        Assert.Equal("The value of 'X-Tenant' must be at most 1024 printable ASCII characters.", Problem(new HeaderField("X-Tenant", new string('v', 1025))));
        Assert.NotNull(Problem(new HeaderField("X-Tenant", null!)));
    }

    [Fact]
    public void Headers_Twenty_IsTheLimit()
    {
        HeaderField[] headers = [.. Enumerable.Range(0, 20).Select(i => new HeaderField($"X-Extra-{i}", "x"))];
        Assert.Null(Problem(headers));
        Assert.Equal("A webhook has at most 20 extra headers.", Problem([.. headers, new HeaderField("X-One-More", "x")]));
        Assert.Null(Problem());
    }

    [Fact]
    public void CanBeSent_RowChangedByHand_IsFalse()
    {
        Assert.True(HeaderRules.CanBeSent(new HeaderField("X-Tenant", "")));
        Assert.False(HeaderRules.CanBeSent(new HeaderField("", "x")));
        Assert.False(HeaderRules.CanBeSent(new HeaderField(null!, "x")));
        Assert.False(HeaderRules.CanBeSent(new HeaderField("X-Tenant", null!)));
    }
}
