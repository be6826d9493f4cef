using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

/// <summary>Which extra headers a webhook may have.</summary>
public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("X-Api-Key", "a b~!")]
    [InlineData("x_1.~^`|'*+&%$#!", "")]
    public void ProblemOf_OrdinaryHeader_IsNone(string name, string value) => Assert.Null(HeaderRules.ProblemOf([new(name, value)], []));

    [Theory]
    [InlineData("\u200b=1")]
    [InlineData("X\u200bKey")]
    [InlineData("X-Schlüssel")]
    [InlineData("X-Key\uFF11")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("X Key")]
    [InlineData("X:Key")]
    [InlineData("X-Key\r\nHost")]
    [InlineData("X-Key\u007f")]
    [InlineData(null)]
    public void ProblemOf_NameThatIsNoToken_SaysSo(string? name) =>
        Assert.Contains("is not a header name", HeaderRules.ProblemOf([new(name!, "v")], []), StringComparison.Ordinal);

    [Theory]
    [InlineData("Connection")]
    [InlineData("content-length")]
    [InlineData("Expect")]
    [InlineData("Host")]
    [InlineData("HTTP2-Settings")]
    [InlineData("http2-settings")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Anything")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    public void ProblemOf_HeaderOfTheConnection_SaysSo(string name) =>
        Assert.Contains("belongs to the connection", HeaderRules.ProblemOf([new(name, "v")], []), StringComparison.Ordinal);

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("user-agent")]
    [InlineData("X-Request-Id")]
    [InlineData("Webhook-Signature")]
    public void ProblemOf_HeaderThatIsSetAnyway_SaysSo(string name) =>
        Assert.Contains("is set by WebhookConsole", HeaderRules.ProblemOf([new(name, "v")], []), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    [InlineData("ä")]
    [InlineData("\u200b")]
    [InlineData(null)]
    public void ProblemOf_ValueWithControlCharactersOrBeyondAscii_SaysSo(string? value) =>
        Assert.Contains("printable ASCII", HeaderRules.ProblemOf([new("X-Key", value!)], []), StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_SignatureHeaderOrTheSameTwice_SaysSo()
    {
        Assert.NotNull(HeaderRules.ProblemOf([new("x-nova-signature", "v")], ["X-Nova-Signature"]));
        Assert.NotNull(HeaderRules.ProblemOf([new("X-Key", "1"), new("x-key", "2")], []));
    }

    [Fact]
    public void ProblemOf_TooManyOrTooLong_SaysSo()
    {
        HeaderField[] most = [.. Enumerable.Range(0, HeaderRules.MaxHeaders).Select(i => new HeaderField($"X-{i}", "v"))];
        Assert.Null(HeaderRules.ProblemOf(most, []));
        Assert.NotNull(HeaderRules.ProblemOf([.. most, new("X-More", "v")], []));
        Assert.Null(HeaderRules.ProblemOf([new(new string('x', HeaderRules.MaxNameLength), new string('v', HeaderRules.MaxValueLength))], []));
        Assert.NotNull(HeaderRules.ProblemOf([new(new string('x', HeaderRules.MaxNameLength + 1), "v")], []));
        Assert.NotNull(HeaderRules.ProblemOf([new("X-Key", new string('v', HeaderRules.MaxValueLength + 1))], []));
    }
}
