using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Deployment;

/// <summary>
/// The nginx configuration of docs/deploy.md, in front of the published file if there is one and of the build if not, with the settings
/// that the manual gives for it.
/// </summary>
public sealed class NginxTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Host = BrowserFixture.PublicName;
    private const string Password = "three unrelated words";

    // Nobody but the test has these addresses, so what shows them has seen the client and not the proxy.
    private static readonly IPAddress s_person = IPAddress.Parse("127.0.0.9");
    private static readonly IPAddress s_backend = IPAddress.Parse("127.0.0.10");

    [NginxFact]
    public async Task ManualsSite_InFrontOfTheConsole_PassesPagesWebSocketsCallsAndAddresses()
    {
        RequiredTool.Nginx.Demand();
        using TestCa ca = new();
        await using Receiver receiver = await Receiver.StartAsync();
        await using ConsoleProcess console = await StartConsoleAsync();
        await using Nginx nginx = await Nginx.StartAsync(
            Manual.Block("deploy.md", "# /etc/nginx/conf.d/webhookconsole.conf"),
            new Dictionary<string, Uri>(StringComparer.Ordinal) { ["127.0.0.1:5080"] = console.Url },
            ca.Issue(Host)
        );
        await using SlowLine line = new(new Uri($"https://127.0.0.1:{nginx.HttpsPort}"), TimeSpan.Zero, s_person);
        using HttpClient backend = Client(ca, nginx);

        using HttpResponseMessage created = await backend.PostAsJsonAsync("webhooks", new { name = "Behind nginx", url = receiver.Url });
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        await PostAsync(backend, "order.created");

        IPage page = await browser.NewPageAsync(new Uri($"https://{Host}:{line.Url.Port}"), anyCertificate: true);
        List<string> sockets = [];
        page.WebSocket += (_, socket) => sockets.Add(socket.Url);
        await SignInAsync(page);
        await OpenAsync(page, "/p/default/events");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "order.created" })).ToBeVisibleAsync();
        await PostAsync(backend, "order.paid");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 new" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "order.paid" })).ToContainTextAsync("Succeeded");
        Assert.NotEmpty(sockets);
        Assert.All(sockets, url => Assert.StartsWith($"wss://{Host}:", url, StringComparison.Ordinal));
        Assert.Equal(2, receiver.Count);

        // TLS ended in front, and the console knows it.
        Assert.Contains(await page.Context.CookiesAsync(), c => c.Name.StartsWith("__Host-", StringComparison.Ordinal) && c.Secure);

        await OpenAsync(page, "/p/default/settings/audit");
        ILocator log = page.GetByRole(AriaRole.Table, new() { Name = "Audit log" });
        await Expect(log.GetByRole(AriaRole.Row).Filter(new() { HasText = "webhook.created" })).ToContainTextAsync(s_backend.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Installation", Exact = true }).And(page.Locator("main a")).ClickAsync();
        await Expect(log.GetByRole(AriaRole.Row).Filter(new() { HasText = "user.signed_in" }).First).ToContainTextAsync(s_person.ToString());

        await AssertLargestBatchAsync(backend);
        await AssertRedirectAsync(nginx);
    }

    private static Task<ConsoleProcess> StartConsoleAsync() =>
        ConsoleProcess.StartBuildAsync(
            new(StringComparer.Ordinal)
            {
                ["Proxy__KnownProxies__0"] = "127.0.0.1",
                ["AllowedHosts"] = Host,
                ["Setup__OwnerEmail"] = "owner@example.com",
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = TestApp.Token,
                ["Webhooks__VerifyOnCreate"] = "false",
            }
        );

    private static HttpClient Client(TestCa ca, Nginx nginx)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(s_backend, 0));
                await socket.ConnectAsync(IPAddress.Loopback, nginx.HttpsPort, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = ca.Trust();
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{Host}:{nginx.HttpsPort}/api/v1/projects/default/"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token) },
        };
    }

    private static async Task PostAsync(HttpClient backend, string type)
    {
        using HttpResponseMessage response = await backend.PostAsJsonAsync("events", new { type, payload = new { orderId = "ord_1001" } });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, answer.GetProperty("deliveries").GetInt32());
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync("owner@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
    }

    // The console's own answer, and not a page of nginx.
    private static async Task AssertLargestBatchAsync(HttpClient backend)
    {
        using StringContent body = new($"[\"{new string('x', 8 * 1024 * 1024)}\"]", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await backend.PostAsync(new Uri("events/batch", UriKind.Relative), body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("payload_too_large", text, StringComparison.Ordinal);
    }

    private static async Task AssertRedirectAsync(Nginx nginx)
    {
        using SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false };
        using HttpClient client = new(handler);
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{nginx.HttpPort}/p/default?x=1");
        request.Headers.Host = Host;
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal($"https://{Host}/p/default?x=1", response.Headers.Location!.AbsoluteUri);
    }
}
