using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>The part of an exchange that was under way; says what a timeout waited for.</summary>
public enum ExchangePhase
{
    Connecting = 0,
    TlsHandshake = 1,
    WaitingForResponse = 2,
    ReadingBody = 3,
}

/// <summary>Turns an answer or a fault into a failure class (SPEC §7). The one place that does.</summary>
public static class OutcomeClassifier
{
    /// <summary>Characters of a detail at most: the platform quotes whole lines of a receiver that does not speak HTTP.</summary>
    public const int MaxDetailLength = 500;

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

    /// <summary>Class and detail of an exchange that the time limit ended.</summary>
    public static (FailureClass Class, string Detail) OfTimeout(ExchangePhase phase, TimeSpan limit) =>
        (
            FailureClass.Timeout,
            phase switch
            {
                ExchangePhase.Connecting => $"timeout_connect: No connection within {limit.TotalSeconds:0} s.",
                ExchangePhase.TlsHandshake => $"timeout_tls: The TLS handshake did not finish within {limit.TotalSeconds:0} s.",
                ExchangePhase.WaitingForResponse => $"timeout_response: The request was sent; no complete response headers within {limit.TotalSeconds:0} s.",
                _ => $"timeout_body: The response began; its body did not arrive within {limit.TotalSeconds:0} s.",
            }
        );

    /// <summary>Class and detail of a fault. The detail is one line of printable text, whatever the receiver put into it.</summary>
    public static (FailureClass Class, string Detail) OfException(Exception exception)
    {
        (FailureClass failure, string detail) = Classify(exception);
        return (failure, Printable(detail));
    }

    // Messages quote status lines and certificate names. PostgreSQL has no NUL in text, and a log line is one line.
    private static string Printable(string text)
    {
        string shown = text.Length <= MaxDetailLength ? text : text[..(MaxDetailLength - 1)] + "…";
        return shown.Any(c => char.IsControl(c) || char.IsSurrogate(c))
            ? string.Create(
                shown.Length,
                shown,
                static (span, source) =>
                {
                    for (int i = 0; i < span.Length; i++)
                    {
                        span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
                    }
                }
            )
            : shown;
    }

    private static (FailureClass Class, string Detail) Classify(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case BlockedAddressException:
                    return (FailureClass.BlockedAddress, e.Message);
                case NameResolutionException:
                    return (FailureClass.DnsFailed, e.Message);
                case CertificateRejectedException rejected:
                    return (FailureClass.TlsFailed, $"{rejected.Kind}: {rejected.Message}");
                case AuthenticationException:
                    return (FailureClass.TlsFailed, "tls_handshake: " + (e.InnerException?.Message ?? e.Message));
                case SocketException socket:
                    return (FailureClass.ConnectionFailed, $"{socket.SocketErrorCode}: {socket.Message}");
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.InnerException is null or IOException:
                    return (FailureClass.TlsFailed, "tls_handshake: " + (e.InnerException?.Message ?? e.Message));
                case HttpRequestException
                {
                    HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
                }:
                    return (FailureClass.BadResponse, e.Message);
                case HttpIOException
                {
                    HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
                }:
                    return (FailureClass.BadResponse, e.Message);
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return (FailureClass.ConnectionFailed, "response_ended: The connection was closed before the response was complete.");
            }
        }

        return exception is HttpRequestException or IOException
            ? (FailureClass.ConnectionFailed, exception.Message)
            : (FailureClass.BadResponse, $"{exception.GetType().Name}: {exception.Message}");
    }
}

/// <summary>The certificate of a receiver was refused.</summary>
/// <param name="kind">Stable word: <c>tls_expired</c>, <c>tls_name_mismatch</c>, <c>tls_unknown_ca</c>.</param>
public sealed class CertificateRejectedException(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
