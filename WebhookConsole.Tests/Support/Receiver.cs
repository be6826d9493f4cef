using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebhookConsole.Tests.Support;

/// <summary>A request as a receiver saw it.</summary>
public sealed record ReceivedRequest(int Number, string Protocol, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, long Ticks)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string Header(string name) => Headers.TryGetValue(name, out string? value) ? value : "";

    /// <summary>The event's id in the format standard.</summary>
    public string WebhookId => Header("webhook-id");
}

/// <summary>What a receiver answers.</summary>
/// <param name="After">Awaited before the answer; null to answer at once.</param>
public sealed record Reply(int Status, string Body = "", IReadOnlyDictionary<string, string>? Headers = null, Task? After = null)
{
    public static implicit operator Reply(int status) => new(status);

    public Reply With(string header, string value) =>
        this with
        {
            Headers = new Dictionary<string, string>(Headers ?? new Dictionary<string, string>()) { [header] = value },
        };
}

/// <summary>A real HTTP server on a free port of the loopback address that records what it gets and answers as it is told.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly WebApplication _app;
    private int _number;
    private int _inFlight;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Decides the answer to a request; 200 unless set.</summary>
    public Func<ReceivedRequest, Reply> Answer { get; set; } = _ => 200;

    public IReadOnlyList<ReceivedRequest> Requests => _requests.ToArray();

    public int Count => _requests.Count;

    /// <summary>The most requests that were under way at the same time.</summary>
    public int PeakInFlight { get; private set; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}/hook";

    /// <param name="certificate">Serves TLS with it; null for plain HTTP.</param>
    /// <param name="protocols">HTTP/2 needs TLS.</param>
    public static async Task<Receiver> StartAsync(X509Certificate2? certificate = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen =>
                {
                    listen.Protocols = protocols;
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        WebApplication app = builder.Build();
        Receiver receiver = new(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        receiver.Port = new Uri(
            app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        ).Port;
        return receiver;
    }

    /// <summary>Waits until that many requests have come, then returns them.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> ReceivedAsync(int count)
    {
        await Eventually.TrueAsync(() => Count >= count, () => $"The receiver got {Count} of {count} requests.");
        return Requests;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        lock (_requests)
        {
            PeakInFlight = Math.Max(PeakInFlight, ++_inFlight);
        }

        try
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            ReceivedRequest request = new(
                Interlocked.Increment(ref _number),
                context.Request.Protocol,
                context.Request.Path + context.Request.QueryString.Value,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(),
                Stopwatch.GetTimestamp()
            );
            Reply reply = Answer(request);
            _requests.Enqueue(request);
            if (reply.After is not null)
            {
                await reply.After.WaitAsync(context.RequestAborted);
            }

            context.Response.StatusCode = reply.Status;
            foreach ((string name, string value) in reply.Headers ?? new Dictionary<string, string>())
            {
                context.Response.Headers[name] = value;
            }

            if (reply.Body.Length > 0)
            {
                await context.Response.WriteAsync(reply.Body);
            }
        }
        catch (OperationCanceledException)
        {
            // The sender gave up first.
        }
        finally
        {
            lock (_requests)
            {
                _inFlight--;
            }
        }
    }
}
