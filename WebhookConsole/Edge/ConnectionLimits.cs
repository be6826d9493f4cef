using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Edge;

/// <summary>How much of the server one client may use: connections, sizes and time (specification §15, §17).</summary>
internal static class ConnectionLimits
{
    /// <summary>Limit for forms: sign-in, set-up and the like.</summary>
    public const int FormBytes = 64 * 1024;

    // This is twice the largest batch: a body that is only a little too large is read to its end, so that the sender receives the 413.
    private const int LargestBody = 16 * 1024 * 1024;

    private const int FormFields = 64;

    // A client that has not sent its headers by then is slow on purpose or gone. The framework requires 240 bytes per second for bodies.
    private static readonly TimeSpan s_headers = TimeSpan.FromSeconds(10);

    public static void AddConnectionLimits(this IServiceCollection services)
    {
        services
            .AddOptions<KestrelServerOptions>()
            .Configure<IOptions<LimitsOptions>, IOptions<ConsoleOptions>>(
                (kestrel, limits, console) =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Limits.MaxRequestBodySize = LargestBody;
                    kestrel.Limits.MaxRequestLineSize = 8 * 1024;
                    kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
                    kestrel.Limits.MaxRequestHeaderCount = 100;
                    kestrel.Limits.RequestHeadersTimeout = s_headers;
                    kestrel.Limits.MaxConcurrentConnections = limits.Value.Connections;

                    // Each page needs one WebSocket; as many again serve pages that are told there are too many.
                    kestrel.Limits.MaxConcurrentUpgradedConnections = 2L * console.Value.MaxCircuits;
                }
            );

        // A request continues on the thread on which its bytes arrived, already one of the pool. By default it changes threads for each step.
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = FormFields;
            form.KeyLengthLimit = 256;
            form.ValueLengthLimit = FormBytes;
            form.BufferBodyLengthLimit = FormBytes;
            form.MultipartBodyLengthLimit = FormBytes;
        });
    }

    /// <summary>Limits the body of a route.</summary>
    public sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
