using System.Net;
using System.Net.Http;
using WebhookConsole.Cluster;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// The payload of one attempt, which is sent once. The platform resends a request by itself when an HTTP/2 server turns its stream
/// away or a pooled connection is lost; here the retry schedule decides whether and when to try again. So a request whose content was
/// already read once requires a version that is never spoken (HTTP/3 is off, see <see cref="Targets.TargetHttp"/>), which the platform refuses before
/// it writes anything. Just before that, the lease is checked once more: the process may have been paused for any length of time on the way here.
/// </summary>
internal sealed class SingleUseContent(HttpRequestMessage request, Exchange exchange, byte[] payload, NodeLease lease) : ByteArrayContent(payload)
{
    private readonly byte[] _payload = payload;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!lease.IsHeld)
        {
            throw new OperationCanceledException("The lease of this node has ended.");
        }

        request.Version = HttpVersion.Version30;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        WatchedStream.Announce(exchange);
        return stream.WriteAsync(_payload, cancellationToken).AsTask();
    }
}
