using System.Buffers;
using System.Buffers.Text;

namespace WebhookConsole.Domain;

/// <summary>Reads codes that URLs carry: base64url of a known number of bytes (RFC 4648 §5, without padding).</summary>
public static class Codes
{
    /// <summary>Reads <paramref name="text"/> into the whole of <paramref name="bytes"/>.</summary>
    /// <returns>False for anything else; <paramref name="bytes"/> may be partly written.</returns>
    public static bool TryRead(string? text, Span<byte> bytes) =>
        // TryDecodeFromChars throws at a character outside the alphabet.
        text is not null
        && text.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.DecodeFromChars(text, bytes, out _, out int written) == OperationStatus.Done
        && written == bytes.Length;
}
