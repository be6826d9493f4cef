using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebhookConsole.Benchmarks;

/// <summary>A server that this program runs as a child process of its own: Kestrel, HTTP/1.1, no logging. All of them are the same build.</summary>
internal sealed record ChildServer(Uri Url, Child Child) : IAsyncDisposable
{
    private const string Program = "WebhookConsole.Benchmarks.dll";

    /// <summary>Called in the child: a server without endpoints.</summary>
    public static WebApplication Build(string port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(int.Parse(port, CultureInfo.InvariantCulture), listen => listen.Protocols = HttpProtocols.Http1)
        );
        return builder.Build();
    }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="http">What asks for the answer.</param>
    /// <param name="run">The run of this program that it is.</param>
    /// <param name="ready">The path that is asked for; any answer will do.</param>
    /// <param name="args">What the run is told beside its port.</param>
    public static async Task<ChildServer> StartAsync(HttpClient http, string run, string ready, params string[] args)
    {
        int port = Child.FreePort();
        Uri url = new($"http://127.0.0.1:{port}/");
        return new ChildServer(url, await Child.StartAsync(http, Program, new Uri(url, ready), [run, port.ToString(CultureInfo.InvariantCulture), .. args]));
    }

    public ValueTask DisposeAsync() => Child.DisposeAsync();
}
