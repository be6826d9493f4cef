using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Tests.Signing;

public sealed class SecretSentenceTests
{
    private const string NotBase64 = "What follows 'whsec_' is not base64. Copy the secret whole, with the '=' at its end and without spaces.";

    private static string Refused(string? text, SignatureFormat format)
    {
        Assert.False(SigningSecret.TryImport(text, format, out SigningSecret? secret, out string? error));
        Assert.Null(secret);
        return error;
    }

    [Theory]
    [InlineData(null, "A secret of this format starts with 'whsec_'. Copy it whole from the other system.")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "A secret of this format starts with 'whsec_'. Copy it whole from the other system.")]
    [InlineData("whsec_", NotBase64)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", NotBase64)]
    public void TryImport_Base64_SaysWhatIsWrong(string? text, string sentence)
    {
        Assert.Equal(sentence, Refused(text, SignatureFormat.Standard));
        Assert.Equal(sentence, Refused(text, SignatureFormat.Svix));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void TryImport_Base64_TakesFrom24To64Bytes(int bytes, bool taken)
    {
        string text = "whsec_" + Convert.ToBase64String(new byte[bytes]);
        Assert.Equal(taken, SigningSecret.TryImport(text, SignatureFormat.Standard, out SigningSecret? secret, out string? error));
        Assert.Equal(taken ? text : null, secret?.Text);
        Assert.Equal(taken ? null : $"What follows 'whsec_' is base64 of {bytes} bytes; it must be 24–64 bytes.", error);
    }

    [Theory]
    [InlineData("", "A secret of this format has 16–256 characters; this one has 0.")]
    [InlineData("0123456789abcde", "A secret of this format has 16–256 characters; this one has 15.")]
    [InlineData("0123456789abcdef\u007f", "A secret of this format has printable ASCII characters only: no accents, tabs or line breaks.")]
    [InlineData(" 0123456789abcdef", "The secret begins or ends with a space. Remove it if it was copied by mistake.")]
    [InlineData("0123456789abcdef ", "The secret begins or ends with a space. Remove it if it was copied by mistake.")]
    public void TryImport_Text_SaysWhatIsWrong(string text, string sentence)
    {
        Assert.Equal(sentence, Refused(text, SignatureFormat.BodyHex));
        Assert.Equal(sentence, Refused(text, SignatureFormat.TimestampedHex));
    }

    [Theory]
    [InlineData("whsec_a", 11)]
    [InlineData("abc", 4)]
    [InlineData("abcd", 5)]
    [InlineData("abcde", 5)]
    public void Hint_ShortText_ShowsFourCharactersAtMost(string text, int length)
    {
        string hint = SigningSecret.FromText(text).Hint;
        Assert.EndsWith("…" + text[^Math.Min(4, text.Length)..], hint, StringComparison.Ordinal);
        Assert.Equal(length, hint.Length);
    }

    [Fact]
    public void FromText_Empty_Throws() => Assert.Equal("text", Assert.Throws<ArgumentException>(() => SigningSecret.FromText("")).ParamName);

    [Fact]
    public void DecodedKey_NoBase64_SaysWhatToDo()
    {
        var secret = SigningSecret.FromText("my own pass word");
        Assert.False(secret.HasDecodedKey);
        Assert.False(secret.Supports(SignatureFormat.Svix));
        Assert.True(secret.Supports(SignatureFormat.BodyHex));
        Assert.Equal(
            "The secret …word is not base64, so it cannot sign in a base64 format. Rotate it.",
            Assert.Throws<InvalidOperationException>(() => secret.DecodedKey.Length).Message
        );
    }

    [Fact]
    public void Generate_Secret_HoldsNoZeroedKey()
    {
        var secret = SigningSecret.Generate();
        Assert.True(secret.HasDecodedKey);
        Assert.Contains(secret.DecodedKey.ToArray(), b => b != 0);
        Assert.Equal("whsec_" + Convert.ToBase64String(secret.DecodedKey), secret.Text);
    }
}
