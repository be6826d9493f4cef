using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace WebhookConsole.Signing;

/// <summary>
/// HMAC-SHA256 of an ASCII prefix and a body, for one or several keys. The two are joined in a stack or pooled buffer, so that one call of the hash
/// suffices and several keys share the copy. Dispose returns the buffer.
/// </summary>
internal readonly ref struct PrefixedHmac
{
    public const int HashBytes = HMACSHA256.HashSizeInBytes;

    private readonly ReadOnlySpan<byte> _message;
    private readonly byte[]? _rented;

    /// <param name="prefix">Signed before the body; in UTF-8. Empty signs the body alone, without a copy.</param>
    /// <param name="body">The bytes as they are sent.</param>
    /// <param name="scratch">Used when both fit, so that a typical payload needs no pool.</param>
    public PrefixedHmac(ReadOnlySpan<char> prefix, ReadOnlySpan<byte> body, Span<byte> scratch)
    {
        if (prefix.IsEmpty)
        {
            _message = body;
            return;
        }

        int prefixBytes = Encoding.UTF8.GetByteCount(prefix);
        int length = prefixBytes + body.Length;
        Span<byte> buffer = length <= scratch.Length ? scratch : (_rented = ArrayPool<byte>.Shared.Rent(length));
        Encoding.UTF8.GetBytes(prefix, buffer);
        body.CopyTo(buffer[prefixBytes..]);
        _message = buffer[..length];
    }

    /// <summary>Writes the 32 bytes of the HMAC under the key of a secret.</summary>
    public void Compute(KeyedHmac key, Span<byte> destination) => key.Compute(_message, destination);

    /// <summary>Writes the 32 bytes of the HMAC under a key of which no hash object is kept.</summary>
    public void Compute(ReadOnlySpan<byte> key, Span<byte> destination) => HMACSHA256.HashData(key, _message, destination);

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
