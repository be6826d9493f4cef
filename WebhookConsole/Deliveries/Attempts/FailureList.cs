using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>The causes that <see cref="FailureKinds"/> knows. People read these sentences at three in the morning.</summary>
internal static class FailureList
{
    /// <summary>All of them, those of a class together; the first of each is the class as a whole.</summary>
    public static IReadOnlyList<FailureKind> All { get; } =
    [
        new(
            "http_3xx",
            FailureClass.Http3xx,
            "Redirect",
            "The endpoint answered with a redirect{status}; redirects are not followed, because they would send your payload to an address nobody checked.",
            "Put the final address into the webhook's URL."
        ),
        new(
            "redirect",
            FailureClass.Http3xx,
            "Redirect",
            "The endpoint answered with a redirect{status} to {detail}; redirects are not followed, because nobody checked that address.",
            "If you trust that address, put it into the webhook's URL; often only https, a host prefix or a trailing slash differs."
        ),
        new(
            "redirect_nowhere",
            FailureClass.Http3xx,
            "Redirect",
            "The endpoint answered with a redirect{status} that names no address to go to.",
            "Make the handler answer 2xx itself; a cache or sign-in page in front of it often answers like this."
        ),
        new(
            "http_4xx",
            FailureClass.Http4xx,
            "Refused",
            "The endpoint refused the request{status}.",
            "Read the response body of the attempt: usually the path is wrong or the handler does not know this event type."
        ),
        new(
            "http_400",
            FailureClass.Http4xx,
            "Bad request",
            "The endpoint found the request malformed{status}.",
            "Read the response body for the field it minds; the receiver's schema probably differs from the payload shown here."
        ),
        new(
            "http_402",
            FailureClass.Http4xx,
            "Payment required",
            "The endpoint wants to be paid first{status}.",
            "Look at the plan or balance of the account behind the endpoint."
        ),
        new(
            "http_403",
            FailureClass.Http4xx,
            "Forbidden",
            "The endpoint understood the request and forbids it{status}: often a web application firewall, an address list or a missing extra header.",
            "Let the address of WebhookConsole and its User-Agent pass, or add the header that the receiver wants in the webhook's settings."
        ),
        new(
            "http_404",
            FailureClass.Http4xx,
            "Not found",
            "The server runs, but nothing listens at this path{status}.",
            "Compare the path of the webhook's URL with the receiver's routes, then replay."
        ),
        new(
            "http_405",
            FailureClass.Http4xx,
            "Method not allowed",
            "The path exists and does not take POST{status}.",
            "Register the handler for POST; a wrong trailing slash may lead to another route."
        ),
        new(
            "http_406",
            FailureClass.Http4xx,
            "Not acceptable",
            "The endpoint has no answer in a form that it thinks we accept{status}.",
            "Make the handler answer 204 without a body, or ignore the Accept header."
        ),
        new(
            "http_407",
            FailureClass.Http4xx,
            "Proxy wants credentials",
            "A proxy between here and the endpoint asks for credentials{status}.",
            "Point the URL at the receiver itself: WebhookConsole does not sign in to proxies."
        ),
        new(
            "http_408",
            FailureClass.Http4xx,
            "Receiver gave up reading",
            "The receiver says that the request did not arrive in time{status}.",
            "Look for a slow link or a short read time limit in the proxy in front of the receiver; the retry often succeeds."
        ),
        new(
            "http_409",
            FailureClass.Http4xx,
            "Conflict",
            "The endpoint says that the event conflicts with its state{status}.",
            "If it means that it has this event already, answer 200 for known ids: every attempt carries the same one."
        ),
        new(
            "http_411",
            FailureClass.Http4xx,
            "Length required",
            "The endpoint wants a Content-Length, which was sent{status}: something between removes it.",
            "Look at the proxy in front of the receiver for chunked forwarding."
        ),
        new(
            "http_413",
            FailureClass.Http4xx,
            "Too large",
            "The payload is larger than the receiver takes{status}.",
            "Raise the body limit of the receiver and its proxy to 256 KiB (nginx: client_max_body_size), then replay."
        ),
        new(
            "http_415",
            FailureClass.Http4xx,
            "Media type refused",
            "The receiver does not take Content-Type application/json{status}.",
            "Accept application/json in the handler; its framework probably expects a form."
        ),
        new(
            "http_421",
            FailureClass.Http4xx,
            "Misdirected",
            "The server does not serve this host name{status}.",
            "Check the virtual host and the certificate of the server that the host name leads to."
        ),
        new(
            "http_422",
            FailureClass.Http4xx,
            "Not processable",
            "The receiver could read the payload and refuses what it says{status}.",
            "Read the response body for its rule, fix the receiver or the producer of the event, then replay."
        ),
        new(
            "signature_invalid",
            FailureClass.SignatureInvalid,
            "Signature refused",
            "The endpoint answered 401: most likely it checks the signature with another secret, or over a re-serialised body.",
            "Compare the receiver's secret with the fingerprint that signed, verify over the raw body, then replay."
        ),
        new(
            "gone",
            FailureClass.Gone,
            "Gone",
            "The endpoint answered 410: it says that it does not want events any more, so the webhook was disabled.",
            "Ask the receiver's owner; give a new URL or delete the webhook."
        ),
        new(
            "rate_limited",
            FailureClass.RateLimited,
            "Rate limited",
            "The endpoint answered 429: events arrive faster than it takes them.",
            "Nothing to do if it recovers by itself; else set a rate limit on the webhook or make the receiver queue."
        ),
        new(
            "http_5xx",
            FailureClass.Http5xx,
            "Server error",
            "The endpoint failed{status}.",
            "Look into the receiver's log at this time, fix the handler, then replay."
        ),
        new(
            "http_500",
            FailureClass.Http5xx,
            "Server error",
            "The receiver's code failed on this event{status}.",
            "Search the receiver's log for the request id of this attempt, fix the exception it shows, then replay."
        ),
        new(
            "http_501",
            FailureClass.Http5xx,
            "Not implemented",
            "The server does not know what to do with a POST{status}.",
            "Check that the URL leads to the application and not to a file server or a default page."
        ),
        new(
            "http_502",
            FailureClass.Http5xx,
            "Bad gateway",
            "The proxy in front of the receiver could not get an answer from it{status}.",
            "See whether the application behind the proxy runs and did not just restart; the proxy's error log names the cause."
        ),
        new(
            "http_503",
            FailureClass.Http5xx,
            "Unavailable",
            "The receiver is overloaded, starting or under maintenance{status}.",
            "Wait for the retry if that is expected; else look for instances that are down or fail their health check."
        ),
        new(
            "http_504",
            FailureClass.Http5xx,
            "Gateway timeout",
            "The proxy in front of the receiver waited for it in vain{status}.",
            "Answer 202 before the work is done, or find out what the application behind the proxy hangs on."
        ),
        new(
            "timeout",
            FailureClass.Timeout,
            "Timed out",
            "The endpoint did not complete the exchange within the time limit.",
            "Look at the attempt's error detail for what was waited for."
        ),
        new(
            "timeout_resolve",
            FailureClass.Timeout,
            "Name server silent",
            "The name servers did not say in time where the host of the URL is: nothing reached the endpoint.",
            "Check the resolver of the machine WebhookConsole runs on (/etc/resolv.conf) and the name servers of the domain."
        ),
        new(
            "timeout_connect",
            FailureClass.Timeout,
            "No connection in time",
            "The endpoint did not accept the connection in time.",
            "Check that the host is up and that no firewall drops packets silently; a receiver too busy to accept looks the same."
        ),
        new(
            "timeout_tls",
            FailureClass.Timeout,
            "TLS handshake timed out",
            "The endpoint accepted the connection and did not finish the TLS handshake in time.",
            "Check that the port speaks TLS and that the proxy that ends it is not out of workers."
        ),
        new(
            "timeout_response",
            FailureClass.Timeout,
            "No answer in time",
            "The endpoint took the request and did not answer in time.",
            "Answer 202 at once and do the work in a queue of your own."
        ),
        new(
            "timeout_body",
            FailureClass.Timeout,
            "Answer not finished",
            "The endpoint answered with a status and did not finish the body of its answer in time.",
            "Send an empty body or a short one with its Content-Length, and flush it: the event may have been processed already."
        ),
        new(
            "dns_failed",
            FailureClass.DnsFailed,
            "Name not found",
            "The host name of the URL could not be resolved.",
            "Check the spelling of the host and its DNS records."
        ),
        new(
            "dns_no_address",
            FailureClass.DnsFailed,
            "Name without address",
            "The host name of the URL exists and has no address.",
            "Add an A or AAAA record for the host, or use the name that has one."
        ),
        new(
            "dns_server_failed",
            FailureClass.DnsFailed,
            "Name server failed",
            "The name servers gave no usable answer about the host of the URL.",
            "Ask for the name with dig on this machine: SERVFAIL points at the domain's DNSSEC or name servers, a refusal at the local resolver."
        ),
        new(
            "connection_failed",
            FailureClass.ConnectionFailed,
            "No connection",
            "The connection was refused, reset or closed before a complete response.",
            "Check that the receiver runs, listens on this port and is reachable through its firewall."
        ),
        new(
            "connection_refused",
            FailureClass.ConnectionFailed,
            "Connection refused",
            "The host answered that nothing listens on this port.",
            "Start the receiver, or correct the port in the URL; a container often listens on its own loopback address only."
        ),
        new(
            "connection_reset",
            FailureClass.ConnectionFailed,
            "Connection reset",
            "The connection was torn down with a reset before an answer came.",
            "Look for a crash of the receiver, or a firewall or proxy that cuts the connection, at the time of this attempt."
        ),
        new(
            "connection_closed",
            FailureClass.ConnectionFailed,
            "Closed without an answer",
            "The endpoint took the connection and closed it before it had answered.",
            "Look into the receiver's log for a worker that died at this request, which it may have processed; a server that demands a client certificate can close like this too."
        ),
        new(
            "response_ended",
            FailureClass.ConnectionFailed,
            "Closed within the answer",
            "The connection broke in the middle of the answer's body.",
            "Look for a Content-Length that is too long, or a receiver that stops while it writes; the event may have been processed."
        ),
        new(
            "unreachable",
            FailureClass.ConnectionFailed,
            "Unreachable",
            "No route leads to the endpoint: its host or network cannot be reached.",
            "Check routing and IPv6 on this machine and whether the address is still the receiver's."
        ),
        new(
            "connection_forbidden",
            FailureClass.ConnectionFailed,
            "Forbidden here",
            "The machine WebhookConsole runs on forbade the connection.",
            "Look at its outgoing firewall rules and the limits of its service unit or container."
        ),
        new(
            "no_sockets",
            FailureClass.ConnectionFailed,
            "Out of sockets",
            "The machine WebhookConsole runs on had no free socket, port or buffer: the endpoint is not at fault.",
            "Raise the limit of open files (LimitNOFILE) or the range of local ports, or lower the limits in flight."
        ),
        new(
            "tls_failed",
            FailureClass.TlsFailed,
            "TLS failed",
            "No secure connection to the endpoint came about.",
            "Look at the attempt's error detail and check the endpoint with a TLS test tool."
        ),
        new(
            "tls_expired",
            FailureClass.TlsFailed,
            "Certificate expired",
            "The certificate of the endpoint has expired.",
            "Renew the certificate and reload the receiver."
        ),
        new(
            "tls_not_yet_valid",
            FailureClass.TlsFailed,
            "Certificate not valid yet",
            "The certificate of the endpoint becomes valid in the future only.",
            "Check the clocks of both machines, or wait for the date in the error detail."
        ),
        new(
            "tls_name_mismatch",
            FailureClass.TlsFailed,
            "Certificate name",
            "The certificate of the endpoint is for another host name.",
            "Use a host name that the certificate names, or fix SNI on the receiver."
        ),
        new(
            "tls_unknown_ca",
            FailureClass.TlsFailed,
            "Unknown certificate authority",
            "The certificate of the endpoint comes from an authority this system does not know, or its chain is incomplete.",
            "Install a certificate of a public authority with its intermediate certificates."
        ),
        new(
            "tls_self_signed",
            FailureClass.TlsFailed,
            "Self-signed certificate",
            "The certificate of the endpoint is signed by itself.",
            "Replace it by one of a public authority, for instance through ACME; for your own, add it to the system's trusted authorities."
        ),
        new(
            "tls_handshake",
            FailureClass.TlsFailed,
            "TLS handshake failed",
            "The endpoint and WebhookConsole could not agree on TLS.",
            "Offer TLS 1.2 or newer with a common cipher, and check that the port speaks TLS."
        ),
        new(
            "tls_not_tls",
            FailureClass.TlsFailed,
            "Not TLS",
            "The port of the endpoint answered with something that is not TLS, most likely plain HTTP.",
            "Use the port that serves https, or make this one do so."
        ),
        new(
            "tls_protocol",
            FailureClass.TlsFailed,
            "TLS version",
            "The endpoint offers no TLS version that is still allowed.",
            "Enable TLS 1.2 or 1.3 on the receiver or the proxy in front of it."
        ),
        new(
            "tls_client_certificate",
            FailureClass.TlsFailed,
            "Client certificate demanded",
            "The endpoint demands a client certificate, and WebhookConsole has none to show.",
            "Exempt the webhook's path from client certificates: the signature proves who sent it."
        ),
        new(
            "blocked_address",
            FailureClass.BlockedAddress,
            "Blocked address",
            "The host leads to a private or special-purpose address, which the outbound guard refuses.",
            "Use a public address; for a receiver inside your network an owner can open its range with Delivery:AllowedNetworks."
        ),
        new(
            "blocked_http",
            FailureClass.BlockedAddress,
            "http is not allowed",
            "The URL is http, which sends payloads in clear, and this installation allows https only: nothing was sent.",
            "Change the webhook's URL to https, or ask the owner to set Delivery:AllowHttp."
        ),
        new(
            "bad_response",
            FailureClass.BadResponse,
            "Bad response",
            "The endpoint answered with something that is not valid HTTP or exceeds the limits.",
            "Check that the port speaks HTTP and that no proxy between rewrites the response."
        ),
        new(
            "not_http",
            FailureClass.BadResponse,
            "Not HTTP",
            "What came back is not an HTTP response.",
            "Check the port: another protocol listens there, or something writes into the response before its status line."
        ),
        new(
            "bad_status",
            FailureClass.BadResponse,
            "No such status",
            "The endpoint answered with a status code that is no final answer{status}.",
            "Make the handler answer with a code from 200 to 599."
        ),
        new(
            "headers_too_large",
            FailureClass.BadResponse,
            "Headers too large",
            "The headers of the response exceed 64 KB.",
            "Look for a cookie or header that the receiver adds again and again."
        ),
        new(
            "bad_body",
            FailureClass.BadResponse,
            "Broken body",
            "The status arrived, and the body after it breaks the rules of its own framing.",
            "Look at the chunking or Content-Length that the receiver or a proxy writes; the event may have been processed."
        ),
        new(
            "http2_error",
            FailureClass.BadResponse,
            "HTTP/2 error",
            "The endpoint ended the exchange with an error of the HTTP/2 protocol.",
            "Look up the error code of the detail in the log of the receiver's proxy; turning HTTP/2 off there is a way around it."
        ),
        new(
            "signing_failed",
            FailureClass.BadResponse,
            "Could not be signed",
            "WebhookConsole could not sign the request, so nothing was sent: the endpoint is not at fault.",
            "Rotate the secret of the webhook, or choose a signature format that its secret fits; then replay."
        ),
        new(
            "request_header_invalid",
            FailureClass.BadResponse,
            "Header cannot be sent",
            "An extra header of the webhook cannot be sent, so nothing was: the endpoint is not at fault.",
            "Edit the extra headers in the webhook's settings, then replay."
        ),
        new(
            "payload_unreadable",
            FailureClass.BadResponse,
            "Payload lost",
            "The stored payload of this event is empty, so nothing was sent: the endpoint is not at fault.",
            "Check the database for damage (PRAGMA integrity_check), restore a backup, or post the event again."
        ),
        new(
            "internal_error",
            FailureClass.BadResponse,
            "Fault in WebhookConsole",
            "WebhookConsole itself failed at this attempt: the endpoint is probably not at fault.",
            "Report the error detail of the attempt together with the version."
        ),
    ];
}
