using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Signing;

public class SignatureFormatTests
{
    private static readonly Guid s_id = Guid.Parse("0190F3A1-7C00-7000-8000-0123456789AB");
    private static readonly DateTimeOffset s_time = new(2026, 3, 4, 6, 7, 8, 90, TimeSpan.FromHours(1));
    private static readonly SigningSecret s_secret = SigningSecret.FromText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    /// <summary>What receivers get: small, not ASCII, numbers that JavaScript cannot hold, empty, nested, large.</summary>
    public static TheoryData<string> Payloads => [.. Receivers.SamplePayloads.All];

    private static Dictionary<string, string> Sign(SignatureFormat format, string body, string? own = null, params SigningSecret[] secrets)
    {
        var headers = new List<HeaderField>();
        SignatureFormats.For(format).Sign(s_id, s_time, Encoding.UTF8.GetBytes(body), secrets is [] ? [s_secret] : secrets, own, headers);
        Assert.Equal(SignatureFormats.For(format).HeaderNames(own), headers.Select(h => h.Name));
        return headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.Ordinal);
    }

    private static string NodeHmac(string key, string message) =>
        NodeScript.Run<string>("return require('crypto').createHmac('sha256', input[0]).update(input[1]).digest('hex');", new[] { key, message });

    [Fact]
    public void Signature_PublishedVector_IsReproduced() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            StandardFormat.Signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8, [s_secret])
        );

    [Theory]
    [InlineData(SignatureFormat.Standard, "webhook")]
    [InlineData(SignatureFormat.Svix, "svix")]
    public void Sign_Standard_SetsIdSecondsAndSignature(SignatureFormat format, string prefix)
    {
        Dictionary<string, string> headers = Sign(format, "{}");
        Assert.Equal("0190f3a1-7c00-7000-8000-0123456789ab", headers[prefix + "-id"]);
        Assert.Equal("1772600828", headers[prefix + "-timestamp"]);
        Assert.Equal(StandardFormat.Signature(headers[prefix + "-id"], "1772600828", "{}"u8, [s_secret]), headers[prefix + "-signature"]);
    }

    [Fact]
    public void Sign_StandardWithSeveralSecrets_SetsOneSignatureEach()
    {
        SigningSecret[] secrets = [.. Enumerable.Range(0, 7).Select(_ => SigningSecret.Generate())];
        string[] signatures = Sign(SignatureFormat.Standard, "{}", null, secrets)["webhook-signature"].Split(' ');
        Assert.Equal(secrets.Select(s => Sign(SignatureFormat.Standard, "{}", null, s)["webhook-signature"]), signatures);
    }

    [NodeTheory]
    [MemberData(nameof(Payloads))]
    public void Sign_BodyHex_AgreesWithNode(string payload)
    {
        Dictionary<string, string> headers = Sign(SignatureFormat.BodyHex, payload);
        Assert.Equal("0190f3a1-7c00-7000-8000-0123456789ab", headers["X-Webhook-ID"]);
        Assert.Equal("2026-03-04T05:07:08.090Z", headers["X-Webhook-Timestamp"]);
        Assert.Equal(NodeHmac(s_secret.Text, payload), headers["X-Webhook-Signature"]);
    }

    [NodeTheory]
    [MemberData(nameof(Payloads))]
    public void Sign_TimestampedHex_AgreesWithNode(string payload)
    {
        Dictionary<string, string> headers = Sign(SignatureFormat.TimestampedHex, payload);
        Assert.Equal("0190f3a1-7c00-7000-8000-0123456789ab", headers["X-Webhook-ID"]);
        Assert.Equal("1772600828090", headers["X-Timestamp"]);
        Assert.Equal(NodeHmac(s_secret.Text, "1772600828090." + payload), headers["X-Signature"]);
    }

    [Fact]
    public void Sign_BodyHexWithOwnHeader_UsesIt() => Assert.Contains("X-NovaVMS-Signature", Sign(SignatureFormat.BodyHex, "{}", "X-NovaVMS-Signature"));

    [Theory]
    [InlineData(SignatureFormat.Standard)]
    [InlineData(SignatureFormat.Svix)]
    [InlineData(SignatureFormat.TimestampedHex)]
    public void Sign_OtherFormatsWithOwnHeader_IgnoreIt(SignatureFormat format) => Assert.DoesNotContain("X-Own", Sign(format, "{}", "X-Own"));

    [Theory]
    [InlineData(SignatureFormat.BodyHex)]
    [InlineData(SignatureFormat.TimestampedHex)]
    public void Sign_HexWithSeveralSecrets_UsesTheFirst(SignatureFormat format)
    {
        Assert.False(SignatureFormats.For(format).SupportsOverlap);
        Assert.Equal(Sign(format, "{}"), Sign(format, "{}", null, s_secret, SigningSecret.Generate()));
    }

    [Fact]
    public void Sign_NoSecret_Throws() =>
        Assert.All(SignatureFormats.All, f => Assert.ThrowsAny<ArgumentException>(() => f.Sign(s_id, s_time, "{}"u8, [], null, [])));

    [Fact]
    public void TryParse_EachName_GivesItsFormat()
    {
        Assert.Equal(["standard", "svix", "body-hex", "timestamped-hex"], SignatureFormats.All.Select(f => f.Name));
        Assert.Equal(Enum.GetValues<SignatureFormat>(), SignatureFormats.All.Select(f => f.Format));
        foreach (ISignatureFormat format in SignatureFormats.All)
        {
            Assert.True(SignatureFormats.TryParse(format.Name, out SignatureFormat parsed));
            Assert.Equal(format.Format, parsed);
            Assert.Equal(format.Name, SignatureFormats.NameOf(parsed));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Standard")]
    [InlineData("0")]
    public void TryParse_Other_IsRefused(string? name) => Assert.False(SignatureFormats.TryParse(name, out _));
}
