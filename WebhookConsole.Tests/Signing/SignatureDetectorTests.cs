using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

public sealed class SignatureDetectorTests
{
    private static (string? Format, string? Own) Detect(string? own, params string[] lines)
    {
        HeaderField[] headers = [.. lines.Select(l => l.Split(':', 2)).Select(p => new HeaderField(p[0], p[1]))];
        ISignatureFormat? format = SignatureDetector.Detect(headers, ref own);
        return (format?.Name, own);
    }

    [Theory]
    [InlineData("Accept", " x ", "x")]
    [InlineData("accept", "x", "x")]
    [InlineData(" ACCEPT ", "x", "x")]
    [InlineData("Accept", "", null)]
    [InlineData("Accept", "  ", null)]
    [InlineData("Accept", null, null)]
    [InlineData("Accept-Language", "x", null)]
    [InlineData(null, "x", null)]
    public void Find_Header_GivesItsTrimmedValue(string? name, string? value, string? expected) =>
        Assert.Equal(expected, SignatureDetector.Find([new("Other", "1"), new(name!, value!)], "Accept"));

    [Fact]
    public void Find_HeaderTwice_GivesTheFirst() => Assert.Equal("1", SignatureDetector.Find([new("A", "1"), new("A", "2")], "A"));

    [Theory]
    [InlineData("webhook-signature:x", "standard")]
    [InlineData("SVIX-SIGNATURE:x", "svix")]
    [InlineData("X-Webhook-Signature:x", "body-hex")]
    [InlineData("X-Signature:x", "timestamped-hex")]
    public void Detect_HeaderOfAFormat_GivesIt(string line, string format)
    {
        Assert.Equal((format, null), Detect(null, "X-Other-Signature:y", line));
        Assert.Equal((format, null), Detect("X-Absent-Signature", line));
    }

    [Fact]
    public void Detect_OwnHeaderNamed_ComesBeforeTheOthers() => Assert.Equal(("body-hex", "X-Own"), Detect("X-Own", "webhook-signature:x", "X-Own:y"));

    [Theory]
    [InlineData("X-NovaVMS-Signature:x", "X-NovaVMS-Signature")]
    [InlineData(" x-novavms-signature :x", "x-novavms-signature")]
    public void Detect_HeaderThatEndsInSignature_IsTheSendersOwn(string line, string own) =>
        Assert.Equal(("body-hex", own), Detect(null, "Accept:x", "X-Empty-Signature: ", line, "X-Later-Signature:y"));

    [Theory]
    [InlineData("Accept:x")]
    [InlineData("X-Empty-Signature: ")]
    [InlineData("X-Signature-Version:1")]
    [InlineData("Signature:x")]
    [InlineData("webhook-signature: ")]
    public void Detect_NoSignatureHeader_GivesNone(string line) => Assert.Equal((null, null), Detect("X-Absent", line));

    [Fact]
    public void Detect_HeaderWithoutAName_IsPassedBy()
    {
        string? own = null;
        Assert.Null(SignatureDetector.Detect([new(null!, "x")], ref own));
    }
}
