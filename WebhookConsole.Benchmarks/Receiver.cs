using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WebhookConsole.Benchmarks;

/// <summary>The receiver: a process of its own that reads the body, counts, and answers 200.</summary>
internal static class Receiver
{
    public static async Task<int> RunAsync(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http1));
        await using WebApplication app = builder.Build();
        long count = 0;
        app.Run(async context =>
        {
            if (context.Request.Path == "/count")
            {
                await context.Response.WriteAsync(Interlocked.Read(ref count).ToString(CultureInfo.InvariantCulture));
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref count);
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<Host> StartAsync(HttpClient http)
    {
        int port = Child.FreePort();
        Uri url = new($"http://127.0.0.1:{port}/");
        string[] args = ["receiver", port.ToString(CultureInfo.InvariantCulture)];
        return new Host(url, await Child.StartAsync(http, "WebhookConsole.Benchmarks.dll", new Uri(url, "count"), args));
    }

    /// <summary>A running receiver; ends with this object.</summary>
    internal sealed record Host(Uri Url, Child Child) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Child.DisposeAsync();
    }
}
