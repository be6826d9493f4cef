using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace WebhookConsole.Domain;

/// <summary>Where the next page of a list begins, as URLs and responses carry it: the last id, stamped with the list that it belongs to.</summary>
public static class Cursor
{
    private const int StampLength = 4;
    private const int Length = StampLength + 16;

    /// <param name="list">The name of the list, with all its filters.</param>
    public static string Write(string list, Guid last)
    {
        byte[] bytes = [.. StampOf(list), .. last.ToByteArray(bigEndian: true)];
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>False with a sentence in <paramref name="error"/> for text that is not a cursor, or belongs to another list.</returns>
    public static bool TryRead(string? text, string list, out Guid last, [NotNullWhen(false)] out string? error)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool read = Codes.TryRead(text, bytes) && bytes[..StampLength].SequenceEqual(StampOf(list));
        last = read ? new Guid(bytes[StampLength..], bigEndian: true) : Guid.Empty;
        error = read ? null : "This is not a cursor for this list. Start again without one.";
        return read;
    }

    private static ReadOnlySpan<byte> StampOf(string list) => SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, StampLength);
}
