using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Ui;

public sealed class ReturnUrlTests
{
    [Theory]
    [InlineData("/p/default")]
    [InlineData("/p/default/events?status=failed&x=%2F%2Fevil.example")]
    [InlineData("/%2F/evil.example")]
    [InlineData("/%5Cevil.example")]
    [InlineData("/a//evil.example")]
    [InlineData("/@evil.example")]
    public void LocalOrHome_PathOfThisHost_IsKept(string url) => Assert.Equal(url, ConsoleUrls.LocalOrHome(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("p/default")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("http:evil.example")]
    [InlineData("https://evil.example/p/default")]
    [InlineData("HTTPS:\\\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\u0000/evil.example")]
    [InlineData("/\u0085/evil.example")]
    [InlineData("\u00a0//evil.example")]
    [InlineData(" /p/default")]
    public void LocalOrHome_AnythingElse_IsHome(string? url) => Assert.Equal("/", ConsoleUrls.LocalOrHome(url));
}
