using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>A proxy in the environment would connect in our stead, past the outbound guard: it is not used.</summary>
public sealed class EnvironmentProxyTests
{
    private const string Token = "set-up-token-of-the-tests-0123456789";

    [Fact]
    public async Task Deliveries_ProxyInTheEnvironment_GoStraight()
    {
        await using RawReceiver proxy = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using Receiver receiver = await Receiver.StartAsync();
        Dictionary<string, string> environment = ProxyAt(proxy.Port);
        environment["Setup__ApiToken"] = Token;
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(environment);
        using HttpClient api = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(console.Url, "/api/v1/projects/default/") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        using HttpResponseMessage created = await api.PostAsJsonAsync("webhooks", new { name = "hook", url = receiver.Url });
        JsonElement webhook = await created.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("active", webhook.Text("state"));

        Assert.Equal(0, await RunAsync(environment, "check-url", receiver.Url, "--Delivery:AllowHttp=true", "--Delivery:AllowedNetworks:0=127.0.0.0/8"));
        Assert.Equal((2, 0), (receiver.Count, proxy.Connections));
    }

    [Theory]
    [InlineData("https://127.0.0.1:9/")]
    [InlineData("http://hooks.example/")]
    [InlineData("https://no-such-name.invalid/")]
    public async Task CheckUrl_NotDeliverable_EndsWith1(string url) => Assert.Equal(1, await RunAsync([], "check-url", url));

    private static Dictionary<string, string> ProxyAt(int port)
    {
        string[] names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        Dictionary<string, string> environment = names.ToDictionary(n => n, _ => $"http://127.0.0.1:{port}", StringComparer.Ordinal);
        (environment["NO_PROXY"], environment["no_proxy"]) = ("nothing.example", "nothing.example");
        return environment;
    }

    private static async Task<int> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("webhookconsole-");
        ProcessStartInfo start = BuiltConsole.Start(arguments);
        start.WorkingDirectory = folder.FullName;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True((await errors).Length == 0, await errors + await output);
        folder.Delete(recursive: true);
        return process.ExitCode;
    }
}
