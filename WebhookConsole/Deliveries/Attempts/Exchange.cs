using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>The part of an exchange that was in progress; it says what a timeout waited for and where a fault belongs.</summary>
public enum ExchangePhase
{
    Connecting = 0,
    TlsHandshake = 1,
    WaitingForResponse = 2,
    ReadingBody = 3,
    Signing = 4,
    Resolving = 5,
}

/// <summary>One exchange in progress: how far it got, and what is already known about it.</summary>
internal sealed class Exchange(Guid requestId)
{
    private byte[]? _body;
    private int _bodyLength;

    public Guid RequestId => requestId;

    public ExchangePhase Phase { get; set; } = ExchangePhase.Signing;

    /// <summary>True when no connection could be opened for it.</summary>
    public bool NeverConnected { get; set; }

    /// <summary>The request; null until it is signed.</summary>
    public KeptRequest? Request { get; set; }

    /// <summary>The HTTP/1.1 connection that it went over.</summary>
    public WatchedStream? Connection { get; set; }

    /// <summary>When the endpoint's certificate ends, where a connection was opened for it with TLS.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; set; }

    public int? StatusCode { get; set; }

    /// <summary>The head of the response.</summary>
    public KeptHead? Response { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    /// <summary>The part of the body that arrived before it ended, broke off or reached the limit; null when there was no response.</summary>
    public byte[]? ResponseBody =>
        _body is null
            ? StatusCode is null
                ? null
                : []
            : _bodyLength == _body.Length
                ? _body
                : _body[.._bodyLength];

    /// <summary>Notes what a connection that is opened for this exchange has reached.</summary>
    public void Reached(ExchangePhase phase)
    {
        // A connection is opened for the pool: by now the request may have used another one and have its answer.
        if (Phase != ExchangePhase.ReadingBody)
        {
            Phase = phase;
        }
    }

    /// <summary>Reads until the end or until enough is kept, never further: a body of 10 GB costs one kilobyte.</summary>
    public async Task ReadBodyAsync(Stream body, int enough, CancellationToken cancellationToken)
    {
        _body = new byte[enough];
        try
        {
            int read;
            do
            {
                read = await body.ReadAsync(_body.AsMemory(_bodyLength), cancellationToken);
                _bodyLength += read;
            } while (read > 0 && _bodyLength < enough);
        }
        catch
        {
            // Bytes that arrived together with the fault are in the buffer, although the platform does not say how many.
            _bodyLength = Math.Max(_bodyLength, _body.AsSpan().LastIndexOfAnyExcept((byte)0) + 1);
            throw;
        }
    }

    /// <summary>Extracts the status from a response that breaks the rules of HTTP, which the platform therefore does not show.</summary>
    /// <returns>The bytes of its head; null when no status can be read, or when it was known already.</returns>
    public byte[]? ReadStatus()
    {
        if (StatusCode is null && Connection?.ReadHead(requestId) is (int status, byte[] head))
        {
            StatusCode = status;
            return head;
        }

        return null;
    }
}
