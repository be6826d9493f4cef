using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WebhookConsole.Domain;

/// <summary>
/// Makes identifiers. UUIDv7 (RFC 9562): ordered by creation time, so a key is also a cursor. Those that one thread makes within a millisecond are in
/// the order in which it made them (section 6.2, method 1), so the rows of a batch go to one end of an index and not all over it.
/// </summary>
public static class Ids
{
    // The parser alone would accept white space around it.
    private const int Length = 36;

    [ThreadStatic]
    private static Source? t_source;

    /// <summary>
    /// A new UUIDv7 stamped with <paramref name="now"/> (milliseconds are kept). A counter of 26 bits follows, which begins anywhere, and then 48 random
    /// bits, so an id cannot be guessed from another one.
    /// </summary>
    public static Guid New(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        WriteTime(id, now);
        Source source = t_source ??= new Source();
        uint counter = source.Count(now.ToUnixTimeMilliseconds());

        // Version 7 and variant 10 (RFC 9562, sections 4.1 and 5.7).
        id[6] = (byte)(0x70 | (counter >> 22 & 0x0F));
        id[7] = (byte)(counter >> 14);
        id[8] = (byte)(0x80 | (counter >> 8 & 0x3F));
        id[9] = (byte)counter;
        source.Fill(id[10..]);
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

    private sealed class Source
    {
        // A call into the operating system for each id was 3 % of a delivery's cost.
        private readonly byte[] _random = new byte[600];
        private int _left;
        private long _time = long.MinValue;
        private uint _counter;

        public uint Count(long time)
        {
            if (time == _time)
            {
                return ++_counter;
            }

            // The counter begins in the lower half, so it has room to count up.
            Span<byte> start = stackalloc byte[sizeof(uint)];
            Fill(start);
            _time = time;
            return _counter = BinaryPrimitives.ReadUInt32LittleEndian(start) >> 7;
        }

        public void Fill(Span<byte> bytes)
        {
            if (_left < bytes.Length)
            {
                RandomNumberGenerator.Fill(_random);
                _left = _random.Length;
            }

            _left -= bytes.Length;
            _random.AsSpan(_left, bytes.Length).CopyTo(bytes);
        }
    }
}
