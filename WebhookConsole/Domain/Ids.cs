namespace WebhookConsole.Domain;

/// <summary>Makes identifiers. UUIDv7 (RFC 9562): ordered by creation time, so a key is also a cursor.</summary>
public static class Ids
{
    /// <summary>A new UUIDv7 stamped with <paramref name="now"/> (milliseconds are kept).</summary>
    public static Guid New(DateTimeOffset now) => Guid.CreateVersion7(now);

    /// <summary>The smallest id that a row made at <paramref name="time"/> can have; turns a time range into a key range.</summary>
    public static Guid Floor(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        long milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds());
        for (int i = 5; i >= 0; i--)
        {
            bytes[i] = (byte)milliseconds;
            milliseconds >>= 8;
        }

        return new Guid(bytes, bigEndian: true);
    }
}
