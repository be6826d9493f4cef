namespace WebhookConsole.Domain;

/// <summary>Why an attempt failed (specification §7). Stored as a number: values never change their meaning.</summary>
public enum FailureClass
{
    Http3xx = 1,
    Http4xx = 2,
    SignatureInvalid = 3,
    Gone = 4,
    RateLimited = 5,
    Http5xx = 6,
    Timeout = 7,
    DnsFailed = 8,
    ConnectionFailed = 9,
    TlsFailed = 10,
    BlockedAddress = 11,
    BadResponse = 12,
}
