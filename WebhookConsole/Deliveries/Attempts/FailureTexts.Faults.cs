using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

// These are responses that are not HTTP, and requests that were never sent.
public static partial class FailureTexts
{
    private static FailureText[] Faults =>
        [
            new(
                FailureKind.BlockedAddress,
                "blocked_address",
                "Blocked address",
                "The host leads to a private or special-purpose address, which the outbound guard refuses.",
                "Use a public address; for a receiver inside your network, an owner can open its range with Delivery:AllowedNetworks."
            ),
            new(
                FailureKind.BlockedHttp,
                "blocked_http",
                "http is not allowed",
                "The URL is http, which sends payloads unencrypted, and this installation allows only https; nothing was sent.",
                "Change the webhook's URL to https, or ask an owner to set Delivery:AllowHttp."
            ),
            new(
                FailureKind.BadResponse,
                "bad_response",
                "Bad response",
                "The endpoint's response is not valid HTTP or exceeds the limits.",
                "Check that the port speaks HTTP and that no proxy in between rewrites the response."
            ),
            new(
                FailureKind.NotHttp,
                "not_http",
                "Not HTTP",
                "What came back is not an HTTP response.",
                "Check the port: another protocol may listen there, or something may write to the connection before the status line."
            ),
            new(
                FailureKind.InvalidHttp,
                "invalid_http",
                "Invalid HTTP",
                "The endpoint answered with a status{status}, but the rest of the response head breaks the rules of HTTP.",
                "Check the reason phrase and the headers that the receiver or its proxy writes; the event may already have been processed."
            ),
            new(
                FailureKind.BadStatus,
                "bad_status",
                "Invalid status",
                "The endpoint answered with a status code that is not a final answer{status}.",
                "Have the handler answer with a code from 200 to 599."
            ),
            new(
                FailureKind.HeadersTooLarge,
                "headers_too_large",
                "Headers too large",
                "The response headers exceed 64 KB.",
                "Look for a cookie or header that the receiver adds again and again."
            ),
            new(
                FailureKind.BadBody,
                "bad_body",
                "Broken body",
                "The endpoint answered with a status{status}, but the body after it is framed incorrectly.",
                "Check the chunking or the Content-Length that the receiver or its proxy writes; the event may already have been processed."
            ),
            new(
                FailureKind.Http2Error,
                "http2_error",
                "HTTP/2 error",
                "The endpoint ended the exchange with an HTTP/2 protocol error.",
                "Look for the error code of the detail in the log of the receiver's proxy; turning HTTP/2 off there is a workaround."
            ),
            new(
                FailureKind.SigningFailed,
                "signing_failed",
                "Could not be signed",
                "WebhookConsole could not sign the request, so nothing was sent; the endpoint is not at fault.",
                "Rotate the webhook's secret or choose a signature format that the secret fits, then replay."
            ),
            new(
                FailureKind.HeaderUnsendable,
                "request_header_invalid",
                "Header cannot be sent",
                "One of the webhook's extra headers is not valid HTTP, so nothing was sent; the endpoint is not at fault.",
                "Edit the extra headers in the webhook's settings, then replay."
            ),
            new(
                FailureKind.PayloadUnreadable,
                "payload_unreadable",
                "Payload lost",
                "The stored payload of this event is empty, so nothing was sent; the endpoint is not at fault.",
                "Check the database for damage (PRAGMA integrity_check), restore a backup, or post the event again."
            ),
            new(
                FailureKind.InternalError,
                "internal_error",
                "Error in WebhookConsole",
                "The attempt failed because of an error in WebhookConsole itself; the endpoint is probably not at fault.",
                "Report the error detail of the attempt together with the version."
            ),
        ];
}
