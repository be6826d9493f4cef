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
                await context.Response.WriteAsync(Interlocked.Read(ref count).ToString());
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref count);
        });
        await app.RunAsync();
        return 0;
    }
}
