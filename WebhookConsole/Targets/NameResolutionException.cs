using System.Net.Sockets;
using WebhookConsole.Deliveries.Attempts;

namespace WebhookConsole.Targets;

/// <summary>The host name of a target has no address (failure class <c>dns_failed</c>). The message is for people.</summary>
public sealed class NameResolutionException(string host, Exception? inner)
    : Exception($"The name {host} could not be resolved{(inner is null ? ": it has no address" : $" ({inner.Message})")}.", inner)
{
    public string Host => host;

    /// <summary>A word of <see cref="FailureKinds"/>.</summary>
    public string Kind =>
        InnerException switch
        {
            null or SocketException { SocketErrorCode: SocketError.NoData } => "dns_no_address",
            SocketException { SocketErrorCode: SocketError.TryAgain or SocketError.NoRecovery } => "dns_server_failed",
            _ => "dns_failed",
        };
}
