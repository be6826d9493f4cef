using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Edge;

/// <summary>Who may open the connection of a page: signed-in people, from pages of this very address (specification §15).</summary>
public sealed class CircuitDoorTests
{
    private const string Email = "owner@example.com";
    private const string Password = "correct horse battery staple";

    private static Task<TestApp> StartAsync() =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Setup:OwnerEmail"] = Email,
                    ["Setup:OwnerPassword"] = Password,
                    ["Proxy:KnownProxies:0"] = "127.0.0.1",
                },
            }
        );

    /// <summary>Asks for a WebSocket as a browser does.</summary>
    private static async Task<HttpStatusCode> ConnectAsync(TestApp app, string? cookies, string? origin, string? forwardedHost = null)
    {
        using HttpClient client = app.NewClient(null);
        using HttpRequestMessage request = new(HttpMethod.Get, "/_blazor");
        (string Name, string? Value)[] headers =
        [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Cookie", cookies),
            ("Origin", origin),
            ("X-Forwarded-Host", forwardedHost),
        ];
        foreach ((string name, string? value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private static async Task<string> CookiesAsync(TestApp app)
    {
        using CookieClient browser = new(app);
        await browser.SignInAsync(Email, Password);
        return string.Join("; ", browser.Cookies.Values.Select(c => c.Split(';')[0]));
    }

    [Fact]
    public async Task WebSocket_FromAnotherSite_IsRefusedThoughTheCookieComesWithIt()
    {
        await using TestApp app = await StartAsync();
        string cookies = await CookiesAsync(app);
        string own = app.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await ConnectAsync(app, cookies, own));

        // Another port and another subdomain are the same site: browsers send the cookie.
        foreach (string origin in new[] { "http://127.0.0.1:1", "http://127.0.0.1", "http://evil.example", "null", "nonsense", own + ".evil.example" })
        {
            Assert.Equal((origin, HttpStatusCode.Forbidden), (origin, await ConnectAsync(app, cookies, origin)));
        }

        // What is no browser says no origin, and has no cookies that are not its own.
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await ConnectAsync(app, cookies, null));
    }

    [Fact]
    public async Task WebSocket_OriginWithControlCharacters_IsLoggedAsOnePrintableLine()
    {
        await using TestApp app = await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(app.Address.Host, app.Address.Port);
        await using NetworkStream stream = client.GetStream();
        string request =
            $"GET /_blazor HTTP/1.1\r\nHost: {app.Address.Authority}\r\nOrigin: http://\u001b[31mevil\u0007\u009b.example{new string('x', 5000)}\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using StreamReader reader = new(stream);
        Assert.Contains("403", await reader.ReadLineAsync(), StringComparison.Ordinal);
        string line = Assert.Single(app.Log.Lines, l => l.Contains("tried to open a connection", StringComparison.Ordinal));
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Contains("evil", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, 1000);
    }

    [Fact]
    public async Task WebSocket_BehindAProxy_IsComparedWithTheAddressInTheBrowser()
    {
        await using TestApp app = await StartAsync();
        string cookies = await CookiesAsync(app);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await ConnectAsync(app, cookies, "https://console.example.com", "console.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await ConnectAsync(app, cookies, "https://evil.example.com", "console.example.com"));
    }

    [Fact]
    public async Task WebSocket_OfAStranger_IsRefused()
    {
        await using TestApp app = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await ConnectAsync(app, null, app.Address.GetLeftPart(UriPartial.Authority)));
        using HttpClient client = app.NewClient(null);
        using HttpResponseMessage negotiate = await client.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Unauthorized, negotiate.StatusCode);
    }

    [Fact]
    public async Task NotFound_ForAStranger_IsSaidWithoutACircuit()
    {
        await using TestApp app = await StartAsync();
        using HttpClient client = app.NewClient(null);
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/nothing-here", UriKind.Relative));
        string page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing at this address", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"type\":\"server\"", page, StringComparison.Ordinal);
    }
}
