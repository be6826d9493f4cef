using System.Net;
using WebhookConsole.Targets;

namespace WebhookConsole.Tests.Targets;

public class TargetUrlTests
{
    private static readonly TargetPolicy s_development = new(true, [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    private static string Refused(string? text, TargetPolicy? policy = null)
    {
        bool created = TargetUrl.TryCreate(text, policy ?? TargetPolicy.Strict, out Uri? uri, out string? error);
        Assert.False(created, $"{text} became {uri}");
        Assert.EndsWith(".", error, StringComparison.Ordinal);
        return error!;
    }

    [Theory]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://example.com:8443/a/b?c=d", "https://example.com:8443/a/b?c=d")]
    [InlineData("  https://example.com/x\n", "https://example.com/x")]
    [InlineData("HTTPS://EXAMPLE.COM/Path", "https://example.com/Path")]
    [InlineData("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://example.com/ü", "https://example.com/%C3%BC")]
    [InlineData("https://example.com/@x", "https://example.com/@x")]
    [InlineData("https://8.8.8.8/", "https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/")]
    [InlineData("https://example.com./", "https://example.com./")]
    [InlineData("https://intranet/", "https://intranet/")]
    [InlineData("https://notlocalhost/", "https://notlocalhost/")]
    [InlineData("https://host1/", "https://host1/")]
    [InlineData("https://a/", "https://a/")]
    [InlineData("https://example.face/", "https://example.face/")]
    [InlineData("https://0xz/", "https://0xz/")]
    public void TryCreate_PublicHttps_IsTaken(string text, string expected)
    {
        Assert.True(TargetUrl.TryCreate(text, TargetPolicy.Strict, out Uri? uri, out string? error), error);
        Assert.Equal(expected, uri.AbsoluteUri);
    }

    [Theory]
    [InlineData(null, "Enter the URL")]
    [InlineData(" ", "Enter the URL")]
    [InlineData("example.com/hook", "not a complete URL")]
    [InlineData("/hook", "not a complete URL")]
    [InlineData("//example.com/hook", "https://")]
    [InlineData("https://", "not a complete URL")]
    [InlineData("https:///path", "")]
    [InlineData("https://:443/", "not a complete URL")]
    [InlineData("http://example.com/", "Use https")]
    [InlineData("ftp://example.com/", "must start with https://")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData("file:///etc/passwd", "")]
    [InlineData("https://user@example.com/", "user name or password")]
    [InlineData("https://user:pw@example.com/", "user name or password")]
    [InlineData("https://@example.com/", "user name or password")]
    [InlineData("https://example.com#x", "'#'")]
    [InlineData("https://example.com/#", "'#'")]
    [InlineData("https://example.com/a b", "space")]
    [InlineData("https://example.com\\@127.0.0.1/", "backslash")]
    [InlineData("https://exa\tmple.com/", "control character")]
    [InlineData("https://example.com:0/", "Port 0")]
    [InlineData("https://example.com:65536/", "not a complete URL")]
    [InlineData("https://bücher.example/", "xn--")]
    [InlineData("https://a..b/", "")]
    [InlineData("https://./", "")]
    [InlineData("https://user@127.0.0.1/", "user name or password")]
    public void TryCreate_NotATarget_SaysWhy(string? text, string reason) => Assert.Contains(reason, Refused(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7F.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("127.0.0.1.")]
    [InlineData("0x7f.1.")]
    [InlineData("127.0.0.1..")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("１２７.0.0.1")]
    [InlineData("127。0。0。1")]
    [InlineData("%31%32%37.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("localhost.")]
    [InlineData("a.b.localhost")]
    [InlineData("ⓛocalhost")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[2606:4700:4700::1111%251]")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("0")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("256.256.256.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData("09.0.0.1")]
    [InlineData("4294967296")]
    [InlineData("0x")]
    [InlineData("x.0x7f")]
    [InlineData("127.0.0.1%00.example.com")]
    [InlineData("0x7f.0x0.0x0.0x1")]
    [InlineData("127.0.0.0x1")]
    [InlineData("0177.1")]
    [InlineData("00000177.0.0.1")]
    [InlineData("0300.0250.0001.0001")]
    [InlineData("192.168.257")]
    [InlineData("192.11010305")]
    [InlineData("0xa9.0xfe.0xa9.0xfe")]
    [InlineData("0xA9FEA9FE")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("169.254.43518")]
    [InlineData("%3127.0.0.1")]
    [InlineData("127%2e0%2e0%2e1")]
    [InlineData("localhos%74")]
    [InlineData("١٢٧.٠.٠.١")]
    [InlineData("127．0．0．1")]
    [InlineData("127｡0｡0｡1")]
    [InlineData("¹²⁷.0.0.1")]
    [InlineData("127.0.0.1\u200b")]
    [InlineData("local\u00adhost")]
    [InlineData("ｌｏｃａｌｈｏｓｔ")]
    [InlineData("user@127.0.0.1")]
    [InlineData("example.com@127.0.0.1")]
    [InlineData("127.0.0.1@example.com")]
    [InlineData("example.com:443@127.0.0.1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[::ffff:0x7f.1]")]
    [InlineData("[::ffff:127.0.0.1%1]")]
    [InlineData("[0:0:0:0:0:ffff:a9fe:a9fe]")]
    [InlineData("[64:ff9b::a9fe:a9fe]")]
    [InlineData("[64:ff9b:1::808:808]")]
    [InlineData("[2001:0:a9fe:a9fe::1]")]
    [InlineData("[2a00:1450::5efe:a00:1]")]
    [InlineData("[::]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("/127.0.0.1")]
    [InlineData("//127.0.0.1")]
    [InlineData("?.127.0.0.1")]
    public void TryCreate_InternalHostInAnySpelling_IsRefused(string host)
    {
        Refused($"https://{host}/hook");
        Refused($"https://{host}");
        Refused($"https://{host}:8443/hook?x=1");
    }

    [Fact]
    public void TryCreate_LengthLimit_IsOnTextAndOnWhatIsSent()
    {
        string longest = "https://example.com/" + new string('a', 2028);
        Assert.True(TargetUrl.TryCreate(longest, TargetPolicy.Strict, out _, out _));
        Assert.Contains("2048", Refused(longest + "a"), StringComparison.Ordinal);
        Assert.Contains("2048", Refused("https://example.com/" + new string('ü', 500)), StringComparison.Ordinal);
        Assert.Contains("2048", Refused("https://example.com/" + string.Concat(Enumerable.Repeat("a/../", 500))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5080/inbox/x")]
    [InlineData("http://127.0.0.1:5080/inbox/x")]
    [InlineData("https://[::1]/")]
    [InlineData("http://example.com/")]
    public void TryCreate_DevelopmentPolicy_TakesHttpAndLoopback(string text) => Assert.True(TargetUrl.TryCreate(text, s_development, out _, out _));

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public void TryCreate_DevelopmentPolicy_OpensNothingElse(string text) => Refused(text, s_development);
}
