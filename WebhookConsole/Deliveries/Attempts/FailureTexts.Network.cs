using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

// These are faults on the way to a receiver.
public static partial class FailureTexts
{
    private static FailureText[] Network =>
        [
            new(
                FailureKind.Timeout,
                "timeout",
                "Timed out",
                "The endpoint did not complete the exchange within the time limit.",
                "Look at the error detail of the attempt to see what was still missing."
            ),
            new(
                FailureKind.ResolveTimeout,
                "timeout_resolve",
                "No answer from DNS",
                "The name servers did not resolve the host of the URL in time; nothing reached the endpoint.",
                "Check the resolver of the machine that WebhookConsole runs on (/etc/resolv.conf) and the name servers of the domain."
            ),
            new(
                FailureKind.ConnectTimeout,
                "timeout_connect",
                "No connection in time",
                "The endpoint did not accept the connection in time.",
                "Check that the host is up and that no firewall silently drops packets; a receiver that is too busy to accept connections looks the same."
            ),
            new(
                FailureKind.TlsTimeout,
                "timeout_tls",
                "TLS handshake timed out",
                "The endpoint accepted the connection but did not finish the TLS handshake in time.",
                "Check that the port speaks TLS and that the proxy that terminates it has not run out of workers."
            ),
            new(
                FailureKind.ResponseTimeout,
                "timeout_response",
                "No answer in time",
                "The request was sent, but the endpoint did not answer in time.",
                "Answer 202 at once and do the work in a queue of your own."
            ),
            new(
                FailureKind.BodyTimeout,
                "timeout_body",
                "Answer not finished",
                "The endpoint sent a status but did not finish the body of its response in time.",
                "Send an empty body, or a short one with its Content-Length, and flush it; the event may already have been processed."
            ),
            new(
                FailureKind.DnsFailed,
                "dns_failed",
                "Name not found",
                "The host name of the URL could not be resolved.",
                "Check the spelling of the host and its DNS records."
            ),
            new(
                FailureKind.DnsNoAddress,
                "dns_no_address",
                "Name without an address",
                "The host name of the URL exists but has no address.",
                "Add an A or AAAA record for the host, or use a name that has one."
            ),
            new(
                FailureKind.DnsServerFailed,
                "dns_server_failed",
                "Name server failed",
                "The name servers gave no usable answer about the host of the URL.",
                "Query the name with dig on this machine: SERVFAIL points to the domain's DNSSEC or name servers, a refusal to the local resolver."
            ),
            new(
                FailureKind.ConnectionFailed,
                "connection_failed",
                "No connection",
                "The connection was refused, reset or closed before a complete response arrived.",
                "Check that the receiver is running, listens on this port and can be reached through its firewall."
            ),
            new(
                FailureKind.ConnectionRefused,
                "connection_refused",
                "Connection refused",
                "The host refused the connection: nothing listens on this port.",
                "Start the receiver, or correct the port in the URL; an application in a container often listens only on the container's own loopback address."
            ),
            new(
                FailureKind.ConnectionReset,
                "connection_reset",
                "Connection reset",
                "The connection was reset before a response arrived.",
                "Look for a crash of the receiver, or for a firewall or proxy that cut the connection, at the time of this attempt."
            ),
            new(
                FailureKind.ConnectionClosed,
                "connection_closed",
                "Closed without an answer",
                "The endpoint accepted the connection but closed it without answering.",
                "Look in the receiver's log for a worker that died on this request, which it may have processed; a server that demands a client certificate can close like this too."
            ),
            new(
                FailureKind.ResponseEnded,
                "response_ended",
                "Closed during the answer",
                "The connection broke in the middle of the response body.",
                "Look for a Content-Length that is too long, or for a receiver that stops while it writes; the event may already have been processed."
            ),
            new(
                FailureKind.StreamRefused,
                "stream_refused",
                "Turned away unprocessed",
                "The server took the request and turned it away unprocessed (HTTP/2 REFUSED_STREAM or GOAWAY), as servers do while they restart or at their limit of streams.",
                "If the receiver was not restarting, raise the number of concurrent streams that its server or proxy allows, or lower the webhook's limit in flight."
            ),
            new(
                FailureKind.Unreachable,
                "unreachable",
                "Unreachable",
                "No route leads to the endpoint; its host or network cannot be reached.",
                "Check routing and IPv6 on this machine, and whether the address still belongs to the receiver."
            ),
            new(
                FailureKind.ConnectionForbidden,
                "connection_forbidden",
                "Connection forbidden",
                "The machine that WebhookConsole runs on does not allow the connection.",
                "Check its outgoing firewall rules and the restrictions of the service unit or container."
            ),
            new(
                FailureKind.NoSockets,
                "no_sockets",
                "Out of sockets",
                "The machine that WebhookConsole runs on had no free socket, port or buffer; the endpoint is not at fault.",
                "Raise the limit on open files (LimitNOFILE), widen the range of local ports, or lower the webhooks' limits in flight."
            ),
            new(
                FailureKind.TlsFailed,
                "tls_failed",
                "TLS failed",
                "No secure connection to the endpoint could be established.",
                "Look at the error detail of the attempt, and check the endpoint with a TLS test tool."
            ),
            new(
                FailureKind.TlsExpired,
                "tls_expired",
                "Certificate expired",
                "The endpoint's certificate has expired.",
                "Renew the certificate and reload the receiver."
            ),
            new(
                FailureKind.TlsNotYetValid,
                "tls_not_yet_valid",
                "Certificate not valid yet",
                "The endpoint's certificate is not valid yet.",
                "Check the clocks of both machines, or wait for the date in the error detail."
            ),
            new(
                FailureKind.TlsNameMismatch,
                "tls_name_mismatch",
                "Wrong certificate name",
                "The endpoint's certificate is for another host name.",
                "Use a host name that the certificate covers, or fix SNI on the receiver."
            ),
            new(
                FailureKind.TlsUnknownAuthority,
                "tls_unknown_ca",
                "Unknown certificate authority",
                "The endpoint's certificate comes from an authority that this system does not trust, or its chain is incomplete.",
                "Install a certificate from a public authority together with its intermediate certificates."
            ),
            new(
                FailureKind.TlsSelfSigned,
                "tls_self_signed",
                "Self-signed certificate",
                "The endpoint's certificate is self-signed.",
                "Replace it with one from a public authority, for instance through ACME; to keep your own, add it to the system's trusted authorities."
            ),
            new(
                FailureKind.TlsHandshake,
                "tls_handshake",
                "TLS handshake failed",
                "The endpoint and WebhookConsole could not agree on TLS.",
                "Offer TLS 1.2 or newer with a common cipher suite, and check that the port speaks TLS."
            ),
            new(
                FailureKind.NotTls,
                "tls_not_tls",
                "Not TLS",
                "The endpoint's port answered with something that is not TLS, most likely plain HTTP.",
                "Use the port that serves https, or make this one serve it."
            ),
            new(
                FailureKind.TlsVersion,
                "tls_protocol",
                "TLS version",
                "The endpoint offers only TLS versions that are no longer allowed.",
                "Enable TLS 1.2 or 1.3 on the receiver or on the proxy in front of it."
            ),
            new(
                FailureKind.TlsClientCertificate,
                "tls_client_certificate",
                "Client certificate demanded",
                "The endpoint demands a client certificate, and WebhookConsole has none to present.",
                "Exempt the webhook's path from client certificates; the signature proves who sent the request."
            ),
        ];
}
