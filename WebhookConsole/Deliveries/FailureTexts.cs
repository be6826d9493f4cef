using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <param name="Name">Stable word for the API and filters.</param>
/// <param name="Title">A few words.</param>
/// <param name="Diagnosis">What happened, in one sentence.</param>
/// <param name="Remedy">What to do, in one sentence.</param>
public sealed record FailureText(string Name, string Title, string Diagnosis, string Remedy);

/// <summary>What people read about a failure (SPEC §7): one sentence of diagnosis, one of what to do.</summary>
public static class FailureTexts
{
    /// <summary>Name of a class in the API: <c>http_5xx</c>, <c>timeout</c>, …</summary>
    public static string NameOf(FailureClass failure) => For(failure, null, null).Name;

    public static bool TryParse(string? name, out FailureClass failure)
    {
        failure = Enum.GetValues<FailureClass>().FirstOrDefault(f => NameOf(f) == name);
        return failure != default;
    }

    /// <summary>The text of a failure; <paramref name="detail"/> refines it where the class has kinds.</summary>
    public static FailureText For(FailureClass failure, int? status, string? detail) =>
        failure switch
        {
            FailureClass.Http3xx => new(
                "http_3xx",
                "Redirect",
                $"The endpoint answered with a redirect{Code(status)}; redirects are not followed, because they would send your payload to an address nobody checked.",
                "Put the final address into the webhook's URL."
            ),
            FailureClass.Http4xx => new(
                "http_4xx",
                "Refused",
                $"The endpoint refused the request{Code(status)}.",
                "Read the response body of the attempt: usually the path is wrong or the handler does not know this event type."
            ),
            FailureClass.SignatureInvalid => new(
                "signature_invalid",
                "Signature refused",
                "The endpoint answered 401: most likely it checks the signature with another secret, or over a re-serialised body.",
                "Compare the receiver's secret with the fingerprint that signed, verify over the raw body, then replay."
            ),
            FailureClass.Gone => new(
                "gone",
                "Gone",
                "The endpoint answered 410: it says that it does not want events any more, so the webhook was disabled.",
                "Ask the receiver's owner; give a new URL or delete the webhook."
            ),
            FailureClass.RateLimited => new(
                "rate_limited",
                "Rate limited",
                "The endpoint answered 429: events arrive faster than it takes them.",
                "Nothing to do if it recovers by itself; else set a rate limit on the webhook or make the receiver queue."
            ),
            FailureClass.Http5xx => new(
                "http_5xx",
                "Server error",
                $"The endpoint failed{Code(status)}.",
                "Look into the receiver's log at this time, fix the handler, then replay."
            ),
            FailureClass.Timeout => OfTimeout(detail),
            FailureClass.DnsFailed => new(
                "dns_failed",
                "Name not found",
                "The host name of the URL could not be resolved.",
                "Check the spelling of the host and its DNS records."
            ),
            FailureClass.ConnectionFailed => new(
                "connection_failed",
                "No connection",
                "The connection was refused, reset or closed before a complete response.",
                "Check that the receiver runs, listens on this port and is reachable through its firewall."
            ),
            FailureClass.TlsFailed => OfTls(detail),
            FailureClass.BlockedAddress => new(
                "blocked_address",
                "Blocked address",
                "The host leads to a private or special-purpose address, which the outbound guard refuses.",
                "Use a public address; for a receiver inside your network an owner can open its range with Delivery:AllowedNetworks."
            ),
            FailureClass.BadResponse => new(
                "bad_response",
                "Bad response",
                "The endpoint answered with something that is not valid HTTP or exceeds the limits.",
                "Check that the port speaks HTTP and that no proxy between rewrites the response."
            ),
            _ => throw new InvalidOperationException($"No text for {failure}."),
        };

    private static string Code(int? status) => status is { } code ? $" ({code})" : "";

    private static FailureText OfTimeout(string? detail)
    {
        string diagnosis = Kind(detail) switch
        {
            "timeout_connect" => "The endpoint did not accept the connection in time.",
            "timeout_tls" => "The endpoint accepted the connection and did not finish the TLS handshake in time.",
            "timeout_body" => "The endpoint began to answer and did not finish in time.",
            _ => "The endpoint took the request and did not answer in time.",
        };
        string remedy = Kind(detail) is "timeout_connect" or "timeout_tls"
            ? "Check the receiver's load and firewall: a silent drop looks like this."
            : "Answer 202 at once and do the work in a queue of your own.";
        return new("timeout", "Timed out", diagnosis, remedy);
    }

    private static FailureText OfTls(string? detail) =>
        Kind(detail) switch
        {
            "tls_expired" => new(
                "tls_failed",
                "Certificate expired",
                "The certificate of the endpoint has expired or is not valid yet.",
                "Renew the certificate and reload the receiver."
            ),
            "tls_name_mismatch" => new(
                "tls_failed",
                "Certificate name",
                "The certificate of the endpoint is for another host name.",
                "Use a host name that the certificate names, or fix SNI on the receiver."
            ),
            "tls_unknown_ca" => new(
                "tls_failed",
                "Unknown certificate authority",
                "The certificate of the endpoint is self-signed or from an unknown authority, or its chain is incomplete.",
                "Install a certificate of a public authority with its intermediate certificates."
            ),
            _ => new(
                "tls_failed",
                "TLS handshake failed",
                "The endpoint and WebhookConsole could not agree on TLS.",
                "Offer TLS 1.2 or newer with a common cipher, and check that the port speaks TLS."
            ),
        };

    private static string Kind(string? detail) => detail?.Split(':', 2)[0] ?? "";
}
