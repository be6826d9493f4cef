using System.Net;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Edge;

/// <summary>Whose forwarded headers count, seen in the audit log and in what is sent over https.</summary>
public sealed class TrustedProxiesTests
{
    private const string Hsts = "Strict-Transport-Security";

    private static Task<TestApp> StartAsync(params (string Key, string Value)[] settings) =>
        TestApp.StartAsync(new TestAppSetup { Settings = settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal) });

    private static Task<ApiAnswer> CreateAsync(TestApp app, string forwardedFor, string proto = "http") =>
        app.SendAsync(
            HttpMethod.Post,
            "webhooks",
            new { name = "hook " + forwardedFor, url = "http://127.0.0.1:9/" },
            change: request =>
            {
                request.Headers.Add("X-Forwarded-For", forwardedFor);
                request.Headers.Add("X-Forwarded-Proto", proto);
            }
        );

    private static Task<string?> AuditedAddressAsync(TestApp app) =>
        app.QueryAsync(db => db.AuditEntries.OrderByDescending(e => e.Id).Where(e => e.Action == "webhook.created").Select(e => e.RemoteAddress).FirstAsync());

    [Theory]
    [InlineData("Proxy:KnownNetworks:0", "127.0.0.0/8", "203.0.113.9", "203.0.113.9")]
    [InlineData("Proxy:KnownProxies:0", "127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("Proxy:KnownProxies:0", "127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9")]
    [InlineData("Proxy:KnownNetworks:0", "127.0.0.0/8", "1.2.3.4, 203.0.113.9, 127.0.0.7", "203.0.113.9")]
    [InlineData("Proxy:KnownProxies:0", "127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("Proxy:KnownProxies:0", "127.0.0.1", "nonsense", "127.0.0.1")]
    [InlineData("Proxy:KnownProxies:0", "10.0.0.1", "203.0.113.9", "127.0.0.1")]
    [InlineData("Proxy:KnownNetworks:0", "10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    [InlineData("Limits:WebhooksPerProject", "20", "203.0.113.9", "127.0.0.1")]
    public async Task Audit_ForwardedFor_IsBelievedFromKnownProxiesOnly(string key, string value, string forwardedFor, string expected)
    {
        await using TestApp app = await StartAsync((key, value));
        (await CreateAsync(app, forwardedFor)).Expect(HttpStatusCode.Created);
        Assert.Equal(expected, await AuditedAddressAsync(app));
    }

    [Theory]
    [InlineData("127.0.0.1", "https", true)]
    [InlineData("127.0.0.1", "http", false)]
    [InlineData("10.0.0.1", "https", false)]
    public async Task Answer_TlsEndedByAKnownProxy_HasHsts(string proxy, string proto, bool expected)
    {
        await using TestApp app = await StartAsync(("Proxy:KnownProxies:0", proxy));
        ApiAnswer answer = await CreateAsync(app, "203.0.113.9", proto);
        Assert.Equal(expected, answer.Headers.TryGetValues(Hsts, out IEnumerable<string>? values) && values.Single() == "max-age=31536000");
    }

    [Fact]
    public async Task Host_ForwardedByAKnownProxy_IsHeldToAllowedHosts()
    {
        await using TestApp app = await StartAsync(("Proxy:KnownProxies:0", "127.0.0.1"), ("AllowedHosts", "127.0.0.1;console.example.com"));
        async Task<string> ReturnAsync(string host)
        {
            using CookieClient browser = new(app, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", host));
            (HttpResponseMessage response, _) = await browser.SendAsync(HttpMethod.Get, "/p/default");
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            return response.Headers.Location!.Host;
        }

        Assert.Equal("console.example.com", await ReturnAsync("console.example.com"));
        Assert.Equal("127.0.0.1", await ReturnAsync("evil.example"));
    }

    [Theory]
    [InlineData("Proxy:KnownProxies:0", "proxy.example", "Proxy:KnownProxies holds 'proxy.example'")]
    [InlineData("Proxy:KnownNetworks:0", "10.0.0.0", "Proxy:KnownNetworks holds '10.0.0.0'")]
    [InlineData("Proxy:KnownNetworks:0", "::ffff:10.0.0.0/104", "write IPv4 networks as IPv4")]
    [InlineData("Delivery:AllowedNetworks:0", "::ffff:10.0.0.0/104", "write IPv4 networks as IPv4")]
    [InlineData("Console:MaxCircuits", "0", "Console:MaxCircuits is 0")]
    public async Task Start_WrongSetting_SaysWhichAndWhatIsAllowed(string key, string value, string expected)
    {
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync((key, value)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
