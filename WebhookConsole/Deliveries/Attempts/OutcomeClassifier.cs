using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>The part of an exchange that was under way; says what a timeout waited for and where a fault belongs.</summary>
public enum ExchangePhase
{
    Connecting = 0,
    TlsHandshake = 1,
    WaitingForResponse = 2,
    ReadingBody = 3,
    Signing = 4,
    Resolving = 5,
}

/// <summary>Turns an answer or a fault into a failure class (specification §7) and a word of <see cref="FailureKinds"/>. The one place that does.</summary>
public static class OutcomeClassifier
{
    /// <summary>Class of a status code; null for success.</summary>
    public static FailureClass? OfStatus(int status) =>
        status switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => FailureClass.Http3xx,
            401 => FailureClass.SignatureInvalid,
            410 => FailureClass.Gone,
            429 => FailureClass.RateLimited,
            >= 400 and < 500 => FailureClass.Http4xx,
            >= 500 and < 600 => FailureClass.Http5xx,
            _ => FailureClass.BadResponse,
        };

    /// <summary>What is to be said of a status beyond its number; null for nothing.</summary>
    /// <param name="status">Of the final response.</param>
    /// <param name="location">Where a redirect points, as the receiver wrote it.</param>
    public static string? DetailOf(int status, string? location) =>
        OfStatus(status) switch
        {
            FailureClass.Http3xx when !string.IsNullOrWhiteSpace(location) => FailureKinds.Say("redirect", location).Detail,
            FailureClass.Http3xx => FailureKinds.Say("redirect_nowhere", "The response has no Location.").Detail,
            FailureClass.BadResponse => FailureKinds.Say("bad_status", $"The status code is {status}.").Detail,
            _ => null,
        };

    /// <summary>Class and detail of an exchange that the time limit ended.</summary>
    public static (FailureClass Class, string Detail) OfTimeout(ExchangePhase phase, TimeSpan limit)
    {
        string within = $"within {limit.TotalSeconds:0} s";
        return phase switch
        {
            ExchangePhase.Resolving => FailureKinds.Say("timeout_resolve", $"No address for the host {within}."),
            ExchangePhase.Connecting => FailureKinds.Say("timeout_connect", $"No connection {within}."),
            ExchangePhase.TlsHandshake => FailureKinds.Say("timeout_tls", $"The TLS handshake did not finish {within}."),
            ExchangePhase.ReadingBody => FailureKinds.Say("timeout_body", $"The response began; its body did not arrive {within}."),
            _ => FailureKinds.Say("timeout_response", $"The request was sent; no complete response headers {within}."),
        };
    }

    /// <summary>Class and detail of a fault. The detail is one line of printable text, whatever the receiver put into it.</summary>
    public static (FailureClass Class, string Detail) OfException(Exception exception, ExchangePhase phase)
    {
        if (phase == ExchangePhase.Signing)
        {
            return FailureKinds.Say(exception is UnsendableException unsendable ? unsendable.Kind : "signing_failed", exception.Message);
        }

        // The outermost fault that says something wins; wrappers that say nothing are passed by.
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (WordOf(e, phase) is { } word)
            {
                string message = e is AuthenticationException or HttpRequestException ? e.InnerException?.Message ?? e.Message : e.Message;
                return FailureKinds.Say(word, message);
            }
        }

        return exception is HttpRequestException or IOException
            ? FailureKinds.Say(phase == ExchangePhase.ReadingBody ? "response_ended" : "connection_failed", exception.Message)
            : FailureKinds.Say("internal_error", $"{exception.GetType().Name}: {exception.Message}");
    }

    // Null when an inner exception says more, or none says anything.
    private static string? WordOf(Exception e, ExchangePhase phase) =>
        e switch
        {
            BlockedAddressException => "blocked_address",
            NameResolutionException resolution => resolution.Kind,
            CertificateRejectedException rejected => rejected.Kind,
            AuthenticationException => Innermost(e) is CertificateRejectedException rejected ? rejected.Kind : OfHandshake(e),
            SocketException socket => OfSocket(socket.SocketErrorCode, phase),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.InnerException is null or IOException => OfHandshake(e),
            HttpProtocolException => "http2_error",
            HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => phase == ExchangePhase.ReadingBody ? "response_ended" : "connection_closed",
            HttpIOException { HttpRequestError: var error } => OfHttp(error, phase),
            HttpRequestException { HttpRequestError: var error } when e.InnerException is null => OfHttp(error, phase),
            _ when e.InnerException is null && IsTlsAlert(e) => OfHandshake(e),
            _ => null,
        };

    private static string? OfHttp(HttpRequestError error, ExchangePhase phase) =>
        error switch
        {
            HttpRequestError.ConfigurationLimitExceeded => "headers_too_large",
            HttpRequestError.HttpProtocolError => "http2_error",
            HttpRequestError.InvalidResponse => phase == ExchangePhase.ReadingBody ? "bad_body" : "not_http",
            _ => null,
        };

    private static string OfSocket(SocketError error, ExchangePhase phase) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection_refused",
            SocketError.HostUnreachable
            or SocketError.NetworkUnreachable
            or SocketError.HostDown
            or SocketError.NetworkDown
            or SocketError.TimedOut
            or SocketError.AddressFamilyNotSupported => "unreachable",
            SocketError.AccessDenied => "connection_forbidden",
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse =>
                "no_sockets",
            _ when phase == ExchangePhase.ReadingBody => "response_ended",
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection_reset",
            _ => "connection_failed",
        };

    // The platform has no codes for these, only the texts of its TLS library; what is not recognised is a handshake that failed.
    private static string OfHandshake(Exception exception)
    {
        string text = exception.ToString();
        return Says(text, "frame size", "wrong version number", "http request") ? "tls_not_tls"
            : Says(text, "alert certificate required", "alert bad certificate", "alert handshake failure: certificate") ? "tls_client_certificate"
            : Says(text, "protocol version", "unsupported protocol") ? "tls_protocol"
            : "tls_handshake";
    }

    // In TLS 1.3 a server refuses the client's certificate after the client thinks that the handshake is over.
    private static bool IsTlsAlert(Exception exception) => Says(exception.Message, "SSL routines", "SSL_ERROR_SSL");

    private static bool Says(string text, params ReadOnlySpan<string> any)
    {
        foreach (string part in any)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}

/// <summary>The request cannot be made; nothing was sent, and the receiver is not at fault.</summary>
/// <param name="kind">A word of <see cref="FailureKinds"/>.</param>
/// <param name="message">For people.</param>
public sealed class UnsendableException(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
