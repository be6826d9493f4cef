using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Crash;

/// <summary>The process, always on the same port and data, to be killed and started again.</summary>
internal sealed class KilledApplication(string[] storage, HttpClient client) : IDisposable
{
    private readonly int _port = Ports.Free();
    private readonly StringBuilder _output = new();
    private Process? _process;

    public async Task StartAsync()
    {
        string[] arguments =
        [
            $"--urls=http://127.0.0.1:{_port}",
            "--environment=Production",
            .. storage,
            "--Setup:ApiToken=" + TestApp.Token,
            "--Delivery:AllowHttp=true",
            "--Delivery:AllowedNetworks:0=127.0.0.0/8",
            "--Delivery:RetryJitter=0",
            "--Webhooks:VerifyOnCreate=false",
            "--AutoDisable:ConsecutiveServerErrors=0",
            "--Logging:LogLevel:Default=Warning",
        ];
        _process = Process.Start(BuiltConsole.Start(arguments))!;
        _process.OutputDataReceived += Collect;
        _process.ErrorDataReceived += Collect;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(IsUpAsync, () => _output.ToString());
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task<HttpResponseMessage> SendAsync(string path, string body, CancellationToken stop, string? key = null)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, Address(path)) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request, stop);
    }

    /// <summary>Sends a request to an inbox.</summary>
    /// <returns>The status that it answers.</returns>
    public async Task<int> PostToInboxAsync(string token)
    {
        using StringContent content = new("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(new Uri($"http://127.0.0.1:{_port}/inbox/{token}"), content);
        return (int)response.StatusCode;
    }

    public async Task<int> CountAsync(string status)
    {
        string page = await client.GetStringAsync(Address("deliveries?limit=200&status=" + status));
        return JsonDocument.Parse(page).RootElement.Items("items").Count;
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await client.GetStringAsync(Address(path))).RootElement;

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{_port}/api/v1/projects/default/{path}");

    private async Task<bool> IsUpAsync()
    {
        Assert.False(_process!.HasExited, _output.ToString());
        try
        {
            using HttpResponseMessage response = await client.GetAsync(Address("webhooks"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
