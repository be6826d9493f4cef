using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebhookConsole.Benchmarks;

/// <summary>A server that this program runs as a child process: Kestrel, HTTP/1.1, no logging. Every one is the same build.</summary>
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
    /// <param name="http">The client that asks whether it answers.</param>
    /// <param name="run">The run of this program to start.</param>
    /// <param name="ready">The path to ask for; any answer will do.</param>
    /// <param name="args">The run's arguments after its port.</param>
    public static async Task<ChildServer> StartAsync(HttpClient http, string run, string ready, params string[] args)
    {
        int port = Child.FreePort();
        Uri url = new($"http://127.0.0.1:{port}/");
        return new ChildServer(url, await Child.StartAsync(http, Program, new Uri(url, ready), [run, port.ToString(CultureInfo.InvariantCulture), .. args]));
    }

    public ValueTask DisposeAsync() => Child.DisposeAsync();
}
