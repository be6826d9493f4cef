using System.Net.Sockets;
using WebhookConsole.Domain;

namespace WebhookConsole.Targets;

/// <summary>The host name of a target has no address (failure class <c>dns_failed</c>). The message is for people.</summary>
public sealed class NameResolutionException(string host, Exception? inner)
    : Exception($"The name {host} could not be resolved{(inner is null ? ": it has no address" : $" ({inner.Message})")}.", inner)
{
    public string Host => host;

    public FailureKind Kind =>
        InnerException switch
        {
            null or SocketException { SocketErrorCode: SocketError.NoData } => FailureKind.DnsNoAddress,
            SocketException { SocketErrorCode: SocketError.TryAgain or SocketError.NoRecovery } => FailureKind.DnsServerFailed,
            _ => FailureKind.DnsFailed,
        };
}
