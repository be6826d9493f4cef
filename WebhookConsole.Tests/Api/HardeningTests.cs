using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What the server gives away and puts up with.</summary>
public sealed class HardeningTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Theory]
    [InlineData("/account/login", "no-store")]
    [InlineData("/api/v1/projects/default/webhooks", "no-store")]
    [InlineData("/api/v1/projects/default/nothing", "no-store")]
    [InlineData("/nothing", "no-store")]
    public async Task Answer_WithData_IsNeverCached(string path, string expected)
    {
        using HttpResponseMessage response = await _app.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Contains(expected, response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OfEveryKind_TellsNoServerAndForbidsTheBrowserMuch()
    {
        ApiAnswer answer = await _app.GetAsync("webhooks");
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self'; style-src-attr 'unsafe-inline';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webhooks")]
    [InlineData("deliveries")]
    [InlineData("deliveries?limit=1")]
    public async Task Head_OfAList_IsTheAnswerWithoutItsBody(string path)
    {
        ApiAnswer head = await _app.SendAsync(HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Text));
        Assert.Equal("application/json", head.MediaType);
        using HttpClient nobody = _app.NewClient(null);
        (await _app.SendAsync(HttpMethod.Head, path, client: nobody)).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Head_InTheDescription_IsNotAnOperationOfItsOwn() =>
        Assert.DoesNotContain("\"head\"", (await _app.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("TRACE", "/api/v1/projects/default/webhooks")]
    [InlineData("PUT", "/api/v1/projects/default/webhooks")]
    [InlineData("FOO", "/api/v1/projects/default/events")]
    [InlineData("TRACE", "/account/login")]
    [InlineData("DELETE", "/account/login")]
    [InlineData("PROPFIND", "/p/default")]
    public async Task Method_ThatIsNotTaken_Is405AndEchoesNothing(string method, string path)
    {
        ApiAnswer answer = await _app.SendAsync(new HttpMethod(method), path, change: r => r.Headers.Add("X-Echo", "do-not-echo-me"));
        answer.Expect(HttpStatusCode.MethodNotAllowed);
        Assert.DoesNotContain("do-not-echo-me", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/p/%00", 400)]
    [InlineData("GET", "/p/default/events/not-a-guid", 404)]
    [InlineData("GET", "/p/default/events?status=%FF%FE", 302)]
    [InlineData("GET", "/api/v1/projects/%2e%2e%2f/webhooks", 404)]
    [InlineData("GET", "/api/v1/projects/default/deliveries?cursor=%00%ff", 400)]
    [InlineData("GET", "/api/v1/projects/default/deliveries?since=9999-99-99", 400)]
    [InlineData("GET", "/openapi/../../etc/passwd.json", 404)]
    [InlineData("GET", "/account/login?returnUrl=%00%0d%0a", 200)]
    [InlineData("GET", "/_blazor?id=nonsense", 401)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=99", 401)]
    [InlineData("POST", "/_blazor/disconnect", 401)]
    [InlineData("POST", "/_framework/opaque-redirect", 405)]
    [InlineData("GET", "/_framework/opaque-redirect?url=nonsense", 400)]
    [InlineData("GET", "/not-found", 200)]
    [InlineData("GET", "/Error", 404)]
    [InlineData("POST", "/api/v1/projects/default/webhooks", 400)]
    [InlineData("POST", "/api/v1/projects/default/events/batch", 202)]
    [InlineData("PATCH", "/api/v1/projects/default/webhooks/00000000-0000-0000-0000-000000000000", 400)]
    public async Task Answer_ToNonsense_HasNoStackTrace(string method, string path, int status)
    {
        ApiAnswer answer = await _app.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{\"url\":[{\"\":1e999}]");
        Assert.Equal(status, (int)answer.Status);
        foreach (string leak in new[] { "   at ", "Exception", ".cs:", "Microsoft.AspNetCore", "System." })
        {
            Assert.DoesNotContain(leak, answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Big: {0}\r\n\r\n", 40_000, "431")]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: localhost\r\n\r\n", 10_000, "414")]
    public async Task Request_WithALineOrHeaderTooLong_IsRefused(string request, int length, string expected) =>
        Assert.StartsWith(
            $"HTTP/1.1 {expected} ",
            await RawRequest.SendAsync(_app.Address, request.Replace("{0}", new string('x', length), StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Request_ThatNeverFinishesItsHeaders_IsCutOff()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), _app.Get<IOptions<KestrelServerOptions>>().Value.Limits.RequestHeadersTimeout);
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Services = services => services.PostConfigure<KestrelServerOptions>(k => k.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(500)),
            }
        );
        Assert.StartsWith(
            "HTTP/1.1 408 ",
            await RawRequest.SendAsync(app.Address, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Server_Limits_AreSet()
    {
        KestrelServerLimits limits = _app.Get<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(16 * 1024 * 1024, limits.MaxRequestBodySize);
        Assert.Equal(10_000, limits.MaxConcurrentConnections);
        Assert.Equal(1_000, limits.MaxConcurrentUpgradedConnections);
        Assert.NotNull(limits.MinRequestBodyDataRate);
        Assert.NotNull(limits.MinResponseDataRate);
    }
}
