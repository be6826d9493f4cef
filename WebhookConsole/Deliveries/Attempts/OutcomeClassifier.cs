using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using WebhookConsole.Domain;
using WebhookConsole.Targets;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>Turns an answer or a fault into its kind of failure (specification §7). Nothing else does this.</summary>
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

    /// <summary>What an answer means; null for success.</summary>
    /// <param name="status">Of the final response.</param>
    /// <param name="location">Where a redirect points, as the receiver wrote it.</param>
    public static AttemptFailure? OfAnswer(int status, string? location) =>
        OfStatus(status) switch
        {
            null => null,
            FailureClass.Http3xx when !string.IsNullOrWhiteSpace(location) => new AttemptFailure(FailureKind.Redirect, location),
            FailureClass.Http3xx => new AttemptFailure(FailureKind.RedirectNowhere, "The response has no Location."),
            FailureClass.BadResponse => new AttemptFailure(FailureKind.BadStatus, $"The status code is {status}."),
            { } failure => new AttemptFailure(FailureKinds.Of(failure, status), null),
        };

    /// <summary>An exchange that the time limit ended.</summary>
    public static AttemptFailure OfTimeout(ExchangePhase phase, TimeSpan limit)
    {
        string within = $"within {limit.TotalSeconds:0} s";
        return phase switch
        {
            ExchangePhase.Resolving => new(FailureKind.ResolveTimeout, $"No address for the host {within}."),
            ExchangePhase.Connecting => new(FailureKind.ConnectTimeout, $"No connection {within}."),
            ExchangePhase.TlsHandshake => new(FailureKind.TlsTimeout, $"The TLS handshake did not finish {within}."),
            ExchangePhase.ReadingBody => new(FailureKind.BodyTimeout, $"The response began, but its body did not arrive {within}."),
            _ => new(FailureKind.ResponseTimeout, $"The request was sent, but no complete response headers arrived {within}."),
        };
    }

    /// <summary>An exchange that a fault ended.</summary>
    public static AttemptFailure OfException(Exception exception, ExchangePhase phase)
    {
        if (phase == ExchangePhase.Signing)
        {
            return new(exception is UnsendableException unsendable ? unsendable.Kind : FailureKind.SigningFailed, exception.Message);
        }

        // The outermost fault that says something wins; wrappers that say nothing are skipped.
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (KindOf(e, phase) is { } kind)
            {
                string message = e is AuthenticationException or HttpRequestException ? e.InnerException?.Message ?? e.Message : e.Message;
                return new(kind, kind == FailureKind.StreamRefused ? "The server gave the request back, and it was not sent again." : message);
            }
        }

        return exception is HttpRequestException or IOException
            ? new(phase == ExchangePhase.ReadingBody ? FailureKind.ResponseEnded : FailureKind.ConnectionFailed, exception.Message)
            : new(FailureKind.InternalError, $"{exception.GetType().Name}: {exception.Message}");
    }

    // Null when an inner exception says more, or none says anything.
    private static FailureKind? KindOf(Exception e, ExchangePhase phase) =>
        e switch
        {
            BlockedAddressException => FailureKind.BlockedAddress,
            NameResolutionException resolution => resolution.Kind,
            CertificateRejectedException rejected => rejected.Kind,
            AuthenticationException => Innermost(e) is CertificateRejectedException rejected ? rejected.Kind : OfHandshake(e),
            SocketException socket => OfSocket(socket.SocketErrorCode, phase),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.InnerException is null or IOException => OfHandshake(e),
            // The content was already sent and is not sent again, see SingleUseContent.
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } when e.InnerException is null => FailureKind.StreamRefused,
            HttpProtocolException => FailureKind.Http2Error,
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => OfHttp(HttpRequestError.InvalidResponse, phase),
            HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => phase == ExchangePhase.ReadingBody
                ? FailureKind.ResponseEnded
                : FailureKind.ConnectionClosed,
            HttpIOException { HttpRequestError: var error } => OfHttp(error, phase),
            HttpRequestException { HttpRequestError: var error } when e.InnerException is null => OfHttp(error, phase),
            _ when e.InnerException is null && IsTlsAlert(e) => OfHandshake(e),
            _ => null,
        };

    private static FailureKind? OfHttp(HttpRequestError error, ExchangePhase phase) =>
        error switch
        {
            HttpRequestError.ConfigurationLimitExceeded => FailureKind.HeadersTooLarge,
            HttpRequestError.HttpProtocolError => FailureKind.Http2Error,
            HttpRequestError.InvalidResponse => phase == ExchangePhase.ReadingBody ? FailureKind.BadBody : FailureKind.NotHttp,
            _ => null,
        };

    private static FailureKind OfSocket(SocketError error, ExchangePhase phase) =>
        error switch
        {
            SocketError.ConnectionRefused => FailureKind.ConnectionRefused,
            SocketError.HostUnreachable
            or SocketError.NetworkUnreachable
            or SocketError.HostDown
            or SocketError.NetworkDown
            or SocketError.TimedOut
            or SocketError.AddressFamilyNotSupported => FailureKind.Unreachable,
            SocketError.AccessDenied => FailureKind.ConnectionForbidden,
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse =>
                FailureKind.NoSockets,
            _ when phase == ExchangePhase.ReadingBody => FailureKind.ResponseEnded,
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => FailureKind.ConnectionReset,
            _ => FailureKind.ConnectionFailed,
        };

    // The platform has no codes for these, only the texts of its TLS library; anything unrecognised counts as a failed handshake.
    private static FailureKind OfHandshake(Exception exception)
    {
        string text = exception.ToString();
        return Says(text, "frame size", "wrong version number", "http request") ? FailureKind.NotTls
            : Says(text, "alert certificate required", "alert bad certificate", "alert handshake failure: certificate") ? FailureKind.TlsClientCertificate
            : Says(text, "protocol version", "unsupported protocol") ? FailureKind.TlsVersion
            : FailureKind.TlsHandshake;
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

/// <summary>The request could not be made; nothing was sent, and the receiver is not at fault.</summary>
/// <param name="message">For people.</param>
public sealed class UnsendableException(FailureKind kind, string message) : Exception(message)
{
    public FailureKind Kind { get; } = kind;
}
