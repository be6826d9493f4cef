using System.Globalization;
using System.Runtime.CompilerServices;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// An HTTP/1.1 connection that remembers how the answer to its last request began. The platform throws for an answer that breaks the
/// rules, such as a NUL in the reason phrase, and does not reveal its status; here it can be looked up. It copies a few bytes for each
/// exchange and allocates nothing.
/// </summary>
internal sealed class WatchedStream(Stream connection) : Stream
{
    private const int KeptBytes = 512;
    private const int IdLength = 36;

    // The platform writes a request on the thread that asks for its content, right after it: this links the two.
    [ThreadStatic]
    private static Exchange? t_next;

    private readonly byte[] _head = new byte[KeptBytes];
    private int _length;
    private Guid _requestId;

    /// <summary>Says which exchange's request this thread writes next.</summary>
    public static void Announce(Exchange exchange) => t_next = exchange;

    /// <summary>The final status of the answer to a request and the bytes of the answer's head; null when no status can be read.</summary>
    public (int Status, byte[] Head)? ReadHead(Guid requestId)
    {
        ReadOnlySpan<byte> rest = requestId == _requestId ? _head.AsSpan(0, _length) : default;
        while (TryReadStatus(rest, out int status))
        {
            int end = rest.IndexOf("\r\n\r\n"u8);
            if (status >= 200)
            {
                return (status, rest[..(end < 0 ? rest.Length : end)].ToArray());
            }

            // Interim responses come before the final one.
            rest = end < 0 ? default : rest[(end + 4)..];
        }

        return null;
    }

    // This accepts "HTTP/1.1 410" and whatever follows, except a fourth digit.
    private static bool TryReadStatus(ReadOnlySpan<byte> head, out int status)
    {
        status = 0;
        return head.Length > 12
            && head.StartsWith("HTTP/1."u8)
            && head[8] == ' '
            && !char.IsAsciiDigit((char)head[12])
            && int.TryParse(head[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out status);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (t_next is { } exchange)
        {
            t_next = null;
            if (Holds(buffer.Span, exchange.RequestId))
            {
                exchange.Connection = this;
                _requestId = exchange.RequestId;
                _length = 0;
            }
        }

        return connection.WriteAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        int kept = Math.Min(read, KeptBytes - _length);
        buffer.Span[..kept].CopyTo(_head.AsSpan(_length));
        _length += kept;
        return read;
    }

    // The head of a request carries its id; a request that was announced but never written must not be taken for it.
    private static bool Holds(ReadOnlySpan<byte> request, Guid requestId)
    {
        Span<byte> id = stackalloc byte[IdLength];
        return requestId.TryFormat(id, out _) && request.IndexOf(id) >= 0;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
