using System.Security.Cryptography;
using System.Text;
using Bunit;
using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Pages.Verifier;
using WebhookConsole.Deliveries.Verifying;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Components;

public class VerifierResultTests : ComponentTestContext
{
    private readonly VerifierInput _input = new();

    private VerifierResult Verify()
    {
        RequestToVerify request = _input.ToRequest();
        VerificationReport report = SignatureVerifier.Verify(
            request.Format,
            request.Headers,
            request.Body,
            [SigningSecret.FromText(request.Secret!)],
            Clock.GetUtcNow(),
            request.OwnHeader,
            request.Computed
        );
        return VerifierResult.Of(report, _input.IgnoreAge);
    }

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

        VerifierResult result = Verify();

        Assert.Equal(Tone.Good, result.Tone);
        Assert.DoesNotContain(result.Checks, c => c.Result == CheckResult.Failed);
    }

    [Fact]
    public void Verify_OldRequest_IsRightButLateUnlessAgeIsIgnored()
    {
        _input.FillExample(Clock.GetUtcNow().AddHours(-3));

        Assert.Equal(Tone.Warn, Verify().Tone);

        _input.IgnoreAge = true;
        VerifierResult result = Verify();
        Assert.Equal(Tone.Good, result.Tone);
        Assert.Contains(result.Checks, c => c.Name == CheckNames.Timestamp && c.Sentence.StartsWith("Ignored", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_OldRequestWithWrongSecret_IsNotValidEvenWithAgeIgnored()
    {
        _input.FillExample(Clock.GetUtcNow().AddHours(-3));
        _input.Secret = SigningSecret.Generate().Text;
        _input.IgnoreAge = true;

        Assert.Equal(Tone.Bad, Verify().Tone);
    }

    [Theory]
    [InlineData("", "\n", "line break at the end")]
    [InlineData(" ", "", "space or a line break before or after")]
    public void Verify_PasteMistake_IsNamed(string afterSecret, string afterBody, string expected)
    {
        _input.FillExample(Clock.GetUtcNow());
        _input.Secret += afterSecret;
        _input.Body += afterBody;

        Assert.Contains(expected, Verify().Text);
    }

    [Theory]
    [InlineData("", "headers")]
    [InlineData("no colon here", "Name: value")]
    public void Missing_NothingToCheck_SaysWhat(string headers, string expected)
    {
        _input.Headers = headers;

        Assert.Contains(expected, _input.Missing);
    }

    [Fact]
    public void Verify_CodeThatUsesTheSecretAsText_IsToldSo()
    {
        _input.FillExample(Clock.GetUtcNow());
        string signed = string.Concat(_input.ToRequest().Headers.Where(h => h.Name is "webhook-id" or "webhook-timestamp").Select(h => h.Value + "."));
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_input.Secret), Encoding.UTF8.GetBytes(signed + _input.Body));
        _input.Computed = Convert.ToBase64String(hash);

        VerifierResult result = Verify();

        Assert.Equal((Tone.Warn, "The signature is valid, but your code computes a different one"), (result.Tone, result.Title));
        Assert.Contains("it used the text with 'whsec_' as the key", result.Text);
    }

    [Fact]
    public void SignedBytesView_InvisibleCharacters_AreShown()
    {
        var view = Render<SignedBytesView>(p => p.Add(v => v.Prefix, "1.2.").Add(v => v.Body, "{\t\"a\":1} \r\n"u8.ToArray()));

        Assert.Equal("1.2.{\\t\"a\":1}·\\r\\n\n", view.Find("code").TextContent.ReplaceLineEndings("\n"));
        Assert.Equal(["tab", "space at the end", "carriage return (CR)", "line feed (LF)"], view.FindAll(".mark").Select(m => m.GetAttribute("title")!));
    }

    [Fact]
    public void ResultView_EachCheck_HasIconWordAndSentence()
    {
        _input.FillExample(Clock.GetUtcNow());
        _input.Body = """{ "type":"invoice.paid","data":{"id":"inv_1042","amount":12900,"currency":"EUR"}}""";

        var view = Render<VerifierResultView>(p => p.Add(v => v.Result, Verify()));

        Assert.Equal(CheckNames.All.Count, view.FindAll(".checks > li").Count);
        Assert.All(view.FindAll(".checks > li"), li => Assert.NotNull(li.QuerySelector("svg")));
        Assert.Contains("re-serialised", view.Find(".callout").TextContent);
        Assert.Contains(view.FindAll(".checks > .tone-bad"), li => li.TextContent.Contains(": failed", StringComparison.Ordinal));
    }
}
