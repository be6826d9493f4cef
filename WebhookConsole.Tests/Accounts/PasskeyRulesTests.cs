using Microsoft.AspNetCore.Http;
using WebhookConsole.Edge;

namespace WebhookConsole.Tests.Accounts;

public sealed class PasskeyRulesTests
{
    [Theory]
    [InlineData("https://console.example.com", "console.example.com", true)]
    [InlineData("https://CONSOLE.example.com", "console.example.com", true)]
    [InlineData("https://console.example.com:8443", "console.example.com:8443", true)]
    [InlineData("http://localhost:5080", "localhost:5080", true)]
    [InlineData("https://console.example.com:8443", "console.example.com", false)]
    [InlineData("https://console.example.com", "console.example.com:8443", false)]
    [InlineData("https://evil.example.com", "console.example.com", false)]
    [InlineData("https://console.example.com.evil.test", "console.example.com", false)]
    [InlineData("https://user@evil.test", "user", false)]
    [InlineData("android:apk-key-hash:abc", "console.example.com", false)]
    [InlineData("null", "console.example.com", false)]
    [InlineData("", "console.example.com", false)]
    public void IsOurs_Origin_MustBeTheAddressAsked(string origin, string host, bool ours)
    {
        Assert.Equal(ours, PageOrigin.IsOurs(origin, crossOrigin: false, new HostString(host)));
        Assert.False(PageOrigin.IsOurs(origin, crossOrigin: true, new HostString(host)));
    }
}
