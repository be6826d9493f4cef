using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

// These are the answers of receivers.
public static partial class FailureTexts
{
    private static FailureText[] Answers =>
        [
            new(
                FailureKind.Http3xx,
                "http_3xx",
                "Redirect",
                "The endpoint answered with a redirect{status}; redirects are not followed, because they would send your payload to an address that nobody has checked.",
                "Change the webhook's URL to the final address."
            ),
            new(
                FailureKind.Redirect,
                "redirect",
                "Redirect",
                "The endpoint answered with a redirect{status} to {detail}; redirects are not followed, because nobody has checked that address.",
                "If you trust that address, make it the webhook's URL; often only https, a host prefix or a trailing slash differs."
            ),
            new(
                FailureKind.RedirectNowhere,
                "redirect_nowhere",
                "Redirect",
                "The endpoint answered with a redirect{status} that does not say where to go.",
                "Have the handler answer 2xx itself; a cache or a sign-in page in front of it often answers like this."
            ),
            new(
                FailureKind.Http4xx,
                "http_4xx",
                "Refused",
                "The endpoint refused the request{status}.",
                "Read the response body of the attempt; usually the path is wrong or the handler does not know this event type."
            ),
            new(
                FailureKind.Http400,
                "http_400",
                "Bad request",
                "The endpoint rejected the request as malformed{status}.",
                "Read the response body to see which field was rejected; the receiver's schema probably differs from the payload shown here."
            ),
            new(
                FailureKind.Http402,
                "http_402",
                "Payment required",
                "The endpoint asks for a payment{status}.",
                "Check the plan or the balance of the account behind the endpoint."
            ),
            new(
                FailureKind.Http403,
                "http_403",
                "Forbidden",
                "The endpoint understood the request but does not allow it{status}, often because of a web application firewall, an address allowlist or a missing header.",
                "Let WebhookConsole's address and User-Agent through, or add the header that the receiver expects to the webhook's settings."
            ),
            new(
                FailureKind.Http404,
                "http_404",
                "Not found",
                "The server is running, but nothing handles this path{status}.",
                "Compare the path of the webhook's URL with the receiver's routes, then replay."
            ),
            new(
                FailureKind.Http405,
                "http_405",
                "Method not allowed",
                "The path exists but does not accept POST{status}.",
                "Register the handler for POST; a wrong trailing slash may lead to another route."
            ),
            new(
                FailureKind.Http406,
                "http_406",
                "Not acceptable",
                "The endpoint has no response in a format that it believes the client accepts{status}.",
                "Have the handler answer 204 without a body, or ignore the Accept header."
            ),
            new(
                FailureKind.Http407,
                "http_407",
                "Proxy asks for credentials",
                "A proxy between WebhookConsole and the endpoint asks for credentials{status}.",
                "Point the URL at the receiver itself; WebhookConsole does not sign in to proxies."
            ),
            new(
                FailureKind.Http408,
                "http_408",
                "Receiver gave up reading",
                "The receiver says that the request did not arrive in time{status}.",
                "Look for a slow link or a short read timeout in the proxy in front of the receiver; the retry often succeeds."
            ),
            new(
                FailureKind.Http409,
                "http_409",
                "Conflict",
                "The endpoint says that the event conflicts with its state{status}.",
                "If it already has this event, have it answer 200 for ids that it knows; every attempt carries the same id."
            ),
            new(
                FailureKind.Http411,
                "http_411",
                "Length required",
                "The endpoint asks for a Content-Length{status}; one was sent, so something in between removes it.",
                "Check whether the proxy in front of the receiver forwards requests in chunks."
            ),
            new(
                FailureKind.Http413,
                "http_413",
                "Too large",
                "The payload is larger than the receiver accepts{status}.",
                "Raise the body limit of the receiver and its proxy to 256 KiB (nginx: client_max_body_size), then replay."
            ),
            new(
                FailureKind.Http415,
                "http_415",
                "Media type refused",
                "The receiver does not accept the Content-Type application/json{status}.",
                "Accept application/json in the handler; its framework probably expects a form."
            ),
            new(
                FailureKind.Http421,
                "http_421",
                "Misdirected",
                "The server does not serve this host name{status}.",
                "Check the virtual host and the certificate on the server that the host name leads to."
            ),
            new(
                FailureKind.Http422,
                "http_422",
                "Unprocessable",
                "The receiver could read the payload but rejects its content{status}.",
                "Read the response body to see which rule it breaks, fix the receiver or the producer of the event, then replay."
            ),
            new(
                FailureKind.SignatureInvalid,
                "signature_invalid",
                "Signature refused",
                "The endpoint answered 401; most likely it checks the signature with another secret, or over a re-serialised body.",
                "Compare the receiver's secret with the fingerprint that signed, verify the signature over the raw body, then replay."
            ),
            new(
                FailureKind.Gone,
                "gone",
                "Gone",
                "The endpoint answered 410, which says that it no longer wants events; after an automatic attempt the webhook is disabled.",
                "Ask the owner of the receiver, then change the URL or delete the webhook."
            ),
            new(
                FailureKind.RateLimited,
                "rate_limited",
                "Rate limited",
                "The endpoint answered 429: events arrive faster than it accepts them.",
                "If it does not recover by itself, set a rate limit on the webhook or have the receiver queue events."
            ),
            new(
                FailureKind.Http5xx,
                "http_5xx",
                "Server error",
                "The endpoint answered with a server error{status}.",
                "Look in the receiver's log at the time of this attempt, fix the handler, then replay."
            ),
            new(
                FailureKind.Http500,
                "http_500",
                "Server error",
                "The receiver's code failed on this event{status}.",
                "Search the receiver's log for the request id of this attempt, fix the exception it shows, then replay."
            ),
            new(
                FailureKind.Http501,
                "http_501",
                "Not implemented",
                "The server does not know how to handle a POST{status}.",
                "Check that the URL leads to the application and not to a file server or a default page."
            ),
            new(
                FailureKind.Http502,
                "http_502",
                "Bad gateway",
                "The proxy in front of the receiver got no valid answer from it{status}.",
                "Check that the application behind the proxy is running and has not just restarted; the proxy's error log names the cause."
            ),
            new(
                FailureKind.Http503,
                "http_503",
                "Unavailable",
                "The receiver is overloaded, starting up or down for maintenance{status}.",
                "Wait for the retry if that is expected; otherwise look for instances that are down or fail their health check."
            ),
            new(
                FailureKind.Http504,
                "http_504",
                "Gateway timeout",
                "The proxy in front of the receiver gave up waiting for it{status}.",
                "Answer 202 before doing the work, or find out what holds up the application behind the proxy."
            ),
        ];
}
