using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace WebhookConsole.Domain.Heads;

/// <summary>How the parts of a head are written, kept and read again.</summary>
internal static class HeadText
{
    private const string Iso8601Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    public const int DateLength = 29;
    private const int MaxNumberBytes = 10;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>What a place takes from the facts; empty for a place that the row fills.</summary>
    public static string Of(HeadPlace place, in HeadFacts facts) =>
        place switch
        {
            HeadPlace.RequestId => facts.RequestId.ToString("D"),
            HeadPlace.EventId => facts.EventId.ToString("D"),
            HeadPlace.EventType => facts.EventType,
            HeadPlace.Seconds => facts.StartedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            HeadPlace.Milliseconds => facts.StartedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            HeadPlace.Iso8601 => facts.StartedAt.UtcDateTime.ToString(Iso8601Milliseconds, CultureInfo.InvariantCulture),
            _ => "",
        };

    /// <summary>The date so many seconds after the start of an attempt, as HTTP writes it (RFC 9110, section 5.6.7).</summary>
    public static string Date(DateTimeOffset startedAt, long after)
    {
        long seconds = Math.Clamp(
            startedAt.ToUnixTimeSeconds() + after,
            DateTimeOffset.MinValue.ToUnixTimeSeconds(),
            DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        );
        return DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Keeps the date that a text begins with.</summary>
    /// <returns>Its length; -1 when it begins with none, or with one that would not come back as it is.</returns>
    public static int KeepDate(ReadOnlySpan<byte> text, DateTimeOffset startedAt, Span<byte> kept, ref int length)
    {
        if (!IsDate(text, out DateTimeOffset date) || length + MaxNumberBytes > kept.Length)
        {
            return -1;
        }

        long after = date.ToUnixTimeSeconds() - startedAt.ToUnixTimeSeconds();
        WriteNumber((ulong)((after << 1) ^ (after >> 63)), kept, ref length);
        return DateLength;
    }

    /// <summary>True for a text that begins with a date exactly as it would be written again.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text, out DateTimeOffset date)
    {
        date = default;
        Span<byte> again = stackalloc byte[DateLength];
        return text.Length >= DateLength
            && Utf8Parser.TryParse(text[..DateLength], out date, out int read, 'R')
            && read == DateLength
            && Utf8Formatter.TryFormat(date, again, out int written, 'R')
            && again[..written].SequenceEqual(text[..DateLength]);
    }

    /// <summary>Keeps a text up to the end of its line.</summary>
    /// <returns>Its length; -1 when there is no room.</returns>
    public static int KeepLine(ReadOnlySpan<byte> text, Span<byte> kept, ref int length)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        if (length + MaxNumberBytes + line.Length > kept.Length)
        {
            return -1;
        }

        WriteNumber((ulong)line.Length, kept, ref length);
        line.CopyTo(kept[length..]);
        length += line.Length;
        return line.Length;
    }

    /// <summary>Takes bytes from the front; fewer when fewer are left.</summary>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        ReadOnlySpan<byte> taken = rest[..Math.Min(count, rest.Length)];
        rest = rest[taken.Length..];
        return taken;
    }

    /// <summary>Takes a number from the front, seven bits in each byte, the lowest first; 0 when nothing is left.</summary>
    public static long TakeNumber(ref ReadOnlySpan<byte> rest) => (long)(TakeBits(ref rest) & long.MaxValue);

    /// <summary>Takes a number that may be negative: its sign is in the lowest bit.</summary>
    public static long TakeSigned(ref ReadOnlySpan<byte> rest)
    {
        ulong bits = TakeBits(ref rest);
        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }

    private static ulong TakeBits(ref ReadOnlySpan<byte> rest)
    {
        ulong bits = 0;
        for (int shift = 0; !rest.IsEmpty && shift < 64; shift += 7)
        {
            byte next = rest[0];
            rest = rest[1..];
            bits |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        return bits;
    }

    private static void WriteNumber(ulong bits, Span<byte> kept, ref int length)
    {
        for (; bits >= 0x80; bits >>= 7)
        {
            kept[length++] = (byte)(bits | 0x80);
        }

        kept[length++] = (byte)bits;
    }
}
