using Bunit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Verifier;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Components;

public class VerifierResultTests : ComponentTestContext
{
    private readonly VerifierInput _input = new();

    [Theory]
    [InlineData("")]
    [InlineData("standard")]
    [InlineData("svix")]
    [InlineData("body-hex")]
    [InlineData("timestamped-hex")]
    public void Verify_Example_IsValidInEveryFormat(string format)
    {
        _input.Format = format;
        _input.FillExample(Clock.GetUtcNow());

        VerifierResult result = _input.Verify(Clock.GetUtcNow());

        Assert.Equal(Tone.Good, result.Tone);
        Assert.DoesNotContain(result.Checks, c => c.Result == CheckResult.Failed);
    }

    [Fact]
    public void Verify_OldRequest_IsRightButLateUnlessAgeIsIgnored()
    {
        _input.FillExample(Clock.GetUtcNow().AddHours(-3));

        Assert.Equal(Tone.Warn, _input.Verify(Clock.GetUtcNow()).Tone);

        _input.IgnoreAge = true;
        VerifierResult result = _input.Verify(Clock.GetUtcNow());
        Assert.Equal(Tone.Good, result.Tone);
        Assert.Contains(result.Checks, c => c.Name == CheckNames.Timestamp && c.Sentence.StartsWith("Ignored", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_OldRequestWithWrongSecret_IsNotValidEvenWithAgeIgnored()
    {
        _input.FillExample(Clock.GetUtcNow().AddHours(-3));
        _input.Secret = SigningSecret.Generate().Text;
        _input.IgnoreAge = true;

        Assert.Equal(Tone.Bad, _input.Verify(Clock.GetUtcNow()).Tone);
    }

    [Theory]
    [InlineData("", "\n", "line break at the end")]
    [InlineData(" ", "", "space before or after")]
    public void Verify_PasteMistake_IsNamed(string afterSecret, string afterBody, string expected)
    {
        _input.FillExample(Clock.GetUtcNow());
        _input.Secret += afterSecret;
        _input.Body += afterBody;

        Assert.Contains(expected, _input.Verify(Clock.GetUtcNow()).Text);
    }

    [Theory]
    [InlineData("", "", "headers")]
    [InlineData("no colon here", "whsec_x", "Name: value")]
    [InlineData("a: b", "", "secret")]
    public void Missing_NothingToCheck_SaysWhat(string headers, string secret, string expected)
    {
        (_input.Headers, _input.Secret) = (headers, secret);

        Assert.Contains(expected, _input.Missing);
    }

    [Fact]
    public void ResultView_EachCheck_HasIconWordAndSentence()
    {
        _input.FillExample(Clock.GetUtcNow());
        _input.Body = """{ "type":"invoice.paid","data":{"id":"inv_1042","amount":12900,"currency":"EUR"}}""";

        var view = Render<VerifierResultView>(p => p.Add(v => v.Result, _input.Verify(Clock.GetUtcNow())));

        Assert.Equal(CheckNames.All.Count, view.FindAll(".checks > li").Count);
        Assert.All(view.FindAll(".checks > li"), li => Assert.NotNull(li.QuerySelector("svg")));
        Assert.Contains("re-serialised", view.Find(".callout").TextContent);
        Assert.Contains(view.FindAll(".checks > .tone-bad"), li => li.TextContent.Contains(": failed", StringComparison.Ordinal));
    }
}
