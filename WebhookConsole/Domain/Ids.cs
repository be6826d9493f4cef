using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WebhookConsole.Domain;

/// <summary>Makes identifiers. UUIDv7 (RFC 9562): ordered by creation time, so a key is also a cursor.</summary>
public static class Ids
{
    private const int RandomBytes = 10;

    // The parser alone would accept white space around it.
    private const int Length = 36;

    // A call into the operating system for each id was 3 % of a delivery's cost.
    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_used;

    /// <summary>A new UUIDv7 stamped with <paramref name="now"/> (milliseconds are kept); the rest is random and cannot be guessed.</summary>
    public static Guid New(DateTimeOffset now)
    {
        byte[] random = t_random ??= new byte[RandomBytes * 100];
        if (t_used == 0)
        {
            RandomNumberGenerator.Fill(random);
        }

        Span<byte> id = stackalloc byte[16];
        WriteTime(id, now);
        random.AsSpan(t_used, RandomBytes).CopyTo(id[6..]);
        t_used = (t_used + RandomBytes) % random.Length;

        // Version 7 and variant 10 (RFC 9562, sections 4.1 and 5.7).
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The smallest id that a row made at <paramref name="time"/> can have; turns a time range into a key range.</summary>
    public static Guid Floor(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteTime(bytes, time);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>When an id of <see cref="New"/> was made, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        for (int i = 0; i < 6; i++)
        {
            milliseconds = (milliseconds << 8) | bytes[i];
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    /// <summary>Reads an id in the one form that responses have: 32 hexadecimal digits with four hyphens.</summary>
    /// <returns>False with a sentence in <paramref name="error"/> for anything else.</returns>
    public static bool TryRead(string? text, out Guid id, [NotNullWhen(false)] out string? error)
    {
        error = Guid.TryParseExact(text, "D", out id) && text.Length == Length ? null : "An id is a UUID, such as 019a0000-0000-7000-8000-000000000001.";
        return error is null;
    }

    private static void WriteTime(Span<byte> id, DateTimeOffset time)
    {
        long milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds());
        for (int i = 5; i >= 0; i--)
        {
            id[i] = (byte)milliseconds;
            milliseconds >>= 8;
        }
    }
}
