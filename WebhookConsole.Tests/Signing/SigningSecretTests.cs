using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

public class SigningSecretTests
{
    private static string Base64(int bytes) => "whsec_" + Convert.ToBase64String(Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray());

    [Fact]
    public void Generate_Twice_GivesDifferent32ByteSecrets()
    {
        var first = SigningSecret.Generate();
        var second = SigningSecret.Generate();
        Assert.NotEqual(first.Text, second.Text);
        Assert.StartsWith("whsec_", first.Text, StringComparison.Ordinal);
        Assert.Equal(32, first.DecodedKey.Length);
        Assert.All(SignatureFormats.All, f => Assert.True(first.Supports(f.Format)));
    }

    [Fact]
    public void FromText_Known_HasFingerprintAndHint()
    {
        var secret = SigningSecret.FromText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal("whsec_…LaSw", secret.Hint);
        Assert.Equal(8, secret.Fingerprint.Length);
        Assert.Equal(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"u8))[..8],
            secret.Fingerprint,
            ignoreCase: true
        );
        Assert.Equal("…word", SigningSecret.FromText("my own pass word").Hint);
    }

    [Fact]
    public void ToString_Always_HidesTheSecret()
    {
        var secret = SigningSecret.Generate();
        Assert.Equal(secret.Hint, $"{secret}");
        Assert.DoesNotContain(secret.Text[6..^4], $"{secret}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(32)]
    [InlineData(64)]
    public void TryImport_Base64OfAllowedLength_IsTaken(int bytes)
    {
        Assert.True(SigningSecret.TryImport(Base64(bytes), SignatureFormat.Standard, out SigningSecret? secret, out _));
        Assert.Equal(bytes, secret.DecodedKey.Length);
        Assert.True(SigningSecret.TryImport(Base64(bytes), SignatureFormat.Svix, out _, out _));
    }

    [Theory]
    [InlineData("", "starts with 'whsec_'")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "starts with 'whsec_'")]
    [InlineData("whsec_", "not base64")]
    [InlineData("whsec_a b", "not base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw", "not base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "not base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "not base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMR==", "not base64")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La-_Sw", "not base64")]
    [InlineData("whsec_AAAA", "3 bytes")]
    public void TryImport_NotBase64OfTheRule_SaysWhy(string text, string reason)
    {
        Assert.False(SigningSecret.TryImport(text, SignatureFormat.Standard, out _, out string? error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryImport_TooManyBytes_IsRefused() => Assert.False(SigningSecret.TryImport(Base64(65), SignatureFormat.Standard, out _, out _));

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("a pass phrase of several words, ~!{}")]
    [InlineData("whsec_a1b2c3d4e5f6")]
    public void TryImport_PrintableText_IsTakenByHexFormats(string text)
    {
        Assert.True(SigningSecret.TryImport(text, SignatureFormat.BodyHex, out SigningSecret? secret, out _));
        Assert.True(SigningSecret.TryImport(text, SignatureFormat.TimestampedHex, out _, out _));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), secret.TextKey.ToArray());
    }

    [Theory]
    [InlineData(null, "16–256")]
    [InlineData("0123456789abcde", "has 15")]
    [InlineData("0123456789abcdef\t", "printable")]
    [InlineData("0123456789abcdefé", "printable")]
    [InlineData(" 0123456789abcdef", "space")]
    [InlineData("0123456789abcdef ", "space")]
    public void TryImport_TextOutsideTheRule_SaysWhy(string? text, string reason)
    {
        Assert.False(SigningSecret.TryImport(text, SignatureFormat.BodyHex, out _, out string? error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryImport_256Characters_IsTheLimit()
    {
        Assert.True(SigningSecret.TryImport(new string('x', 256), SignatureFormat.BodyHex, out _, out _));
        Assert.False(SigningSecret.TryImport(new string('x', 257), SignatureFormat.BodyHex, out _, out _));
    }

    [Fact]
    public void DecodedKey_TextThatIsNotBase64_ThrowsWithoutTheText()
    {
        var secret = SigningSecret.FromText("my own pass word");
        Assert.False(secret.Supports(SignatureFormat.Standard));
        var exception = Assert.Throws<InvalidOperationException>(() => secret.DecodedKey.Length);
        Assert.DoesNotContain("pass", exception.Message, StringComparison.Ordinal);
    }
}
