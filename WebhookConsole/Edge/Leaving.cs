using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Edge;

/// <summary>
/// How a node of a cluster stops (specification §14): it first refuses new connections, so that a balancer turns to another node. Open connections
/// are served for a moment more, and each answer says that its connection ends. A server that closed everything at once would meet requests that are
/// on their way over open connections, and a balancer may not send such a POST again.
/// </summary>
internal static class Leaving
{
    public static void AddLeaving(this IServiceCollection services)
    {
        services.AddSingleton<SocketTransportFactory>();

        // Kestrel asks the last one first.
        services.AddSingleton<IConnectionListenerFactory, LeavingTransport>();
    }

    /// <summary>While the application stops, tells each client that its connection ends. HTTP/2 has a frame for it, which Kestrel sends.</summary>
    public static void UseLeaving(this WebApplication app)
    {
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        app.Use(
            (context, next) =>
            {
                if (stopping.IsCancellationRequested && !HttpProtocol.IsHttp2(context.Request.Protocol))
                {
                    context.Response.Headers.Connection = "close";
                }

                return next(context);
            }
        );
    }

    private sealed class LeavingTransport(SocketTransportFactory sockets, IOptions<ClusterOptions> cluster, TimeProvider clock)
        : IConnectionListenerFactory,
            IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => cluster.Value.Enabled && sockets.CanBind(endpoint);

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            new LeavingListener(await sockets.BindAsync(endpoint, cancellationToken), clock);
    }

    private sealed class LeavingListener(IConnectionListener sockets, TimeProvider clock) : IConnectionListener
    {
        // A busy balancer sends its next request within milliseconds.
        private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

        public EndPoint EndPoint => sockets.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => sockets.AcceptAsync(cancellationToken);

        // Kestrel closes the connections when this has returned.
        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await sockets.UnbindAsync(cancellationToken);
            await Task.Delay(s_moment, clock, cancellationToken);
        }

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
