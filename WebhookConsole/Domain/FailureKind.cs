namespace WebhookConsole.Domain;

/// <summary>
/// The exact reason why an attempt failed. Stored as a number: values never change their meaning. The thousands are the <see cref="FailureClass"/>,
/// whose first kind stands for the class as a whole; the kind of a status code ends in that code.
/// </summary>
public enum FailureKind
{
    Http3xx = 1000,
    Redirect = 1001,
    RedirectNowhere = 1002,

    Http4xx = 2000,
    Http400 = 2400,
    Http402 = 2402,
    Http403 = 2403,
    Http404 = 2404,
    Http405 = 2405,
    Http406 = 2406,
    Http407 = 2407,
    Http408 = 2408,
    Http409 = 2409,
    Http411 = 2411,
    Http413 = 2413,
    Http415 = 2415,
    Http421 = 2421,
    Http422 = 2422,

    SignatureInvalid = 3000,

    Gone = 4000,

    RateLimited = 5000,

    Http5xx = 6000,
    Http500 = 6500,
    Http501 = 6501,
    Http502 = 6502,
    Http503 = 6503,
    Http504 = 6504,

    Timeout = 7000,
    ResolveTimeout = 7001,
    ConnectTimeout = 7002,
    TlsTimeout = 7003,
    ResponseTimeout = 7004,
    BodyTimeout = 7005,

    DnsFailed = 8000,
    DnsNoAddress = 8001,
    DnsServerFailed = 8002,

    ConnectionFailed = 9000,
    ConnectionRefused = 9001,
    ConnectionReset = 9002,
    ConnectionClosed = 9003,
    ResponseEnded = 9004,
    StreamRefused = 9005,
    Unreachable = 9006,
    ConnectionForbidden = 9007,
    NoSockets = 9008,

    TlsFailed = 10000,
    TlsExpired = 10001,
    TlsNotYetValid = 10002,
    TlsNameMismatch = 10003,
    TlsUnknownAuthority = 10004,
    TlsSelfSigned = 10005,
    TlsHandshake = 10006,
    NotTls = 10007,
    TlsVersion = 10008,
    TlsClientCertificate = 10009,

    BlockedAddress = 11000,
    BlockedHttp = 11001,

    BadResponse = 12000,
    NotHttp = 12001,
    InvalidHttp = 12002,
    BadStatus = 12003,
    HeadersTooLarge = 12004,
    BadBody = 12005,
    Http2Error = 12006,
    SigningFailed = 12007,
    HeaderUnsendable = 12008,
    PayloadUnreadable = 12009,
    InternalError = 12010,
}

/// <summary>Reads the number of a <see cref="FailureKind"/>.</summary>
public static class FailureKinds
{
    // One class begins this far after the other.
    private const int Room = 1000;

    public static FailureClass ClassOf(this FailureKind kind) => (FailureClass)((int)kind / Room);

    /// <summary>The kind of a status code, or the class as a whole where the code has no kind of its own.</summary>
    public static FailureKind Of(FailureClass failure, int? status = null)
    {
        int whole = (int)failure * Room;
        FailureKind coded = (FailureKind)(whole + (status is >= 100 and < Room ? status.Value : 0));
        return Enum.IsDefined(coded) ? coded : (FailureKind)whole;
    }
}
