using System.Net;
using System.Net.Http;
using System.Net.Security;

namespace WebhookConsole.Targets;

/// <summary>
/// HTTP to receivers, for deliveries and <c>check-url</c> alike: every connection comes from the caller's connect function (the outbound
/// guard), and neither a receiver nor the environment can redirect it. Redirects, cookies, proxies and decompression are off,
/// and so is HTTP/3 (in the project file).
/// </summary>
internal static class TargetHttp
{
    /// <param name="connect">Opens a connection through the guard.</param>
    /// <param name="connected">Called when the connection is ready for HTTP, after TLS if there is any.</param>
    /// <param name="tls">From <see cref="TargetTls"/>.</param>
    public static SocketsHttpHandler CreateHandler(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>> connected,
        SslClientAuthenticationOptions tls
    ) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 64 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),

            // A pooled connection leads to an address that was checked when it was opened. Its lifetime limits how long an old DNS answer
            // is used; Delivery:AllowedNetworks is read at start, when the pool is empty.
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = connect,
            PlaintextStreamFilter = connected,
            SslOptions = tls,
        };
}
