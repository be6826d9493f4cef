using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebhookConsole.Accounts;

/// <summary>
/// One-time codes that an authenticator app makes from a shared key and the time (RFC 6238, with the values that all apps support: SHA-1,
/// 30 seconds, 6 digits). Returns the time step of a code, which Identity's own provider does not, so that no code works twice.
/// </summary>
public static class Totp
{
    /// <summary>As long as the hash, as RFC 4226 §4 recommends.</summary>
    public const int KeyBytes = 20;

    public const int Digits = 6;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Modulus = 1_000_000;

    /// <summary>How long a code is shown.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    // A code may be one step early or late: clocks differ, and a code may be typed at the end of its time (RFC 6238 §5.2).
    private const int Drift = 1;

    /// <summary>The step that <paramref name="code"/> belongs to; null when no step valid now has this code.</summary>
    /// <param name="after">The last step that was used; only later ones count.</param>
    public static long? FindStep(ReadOnlySpan<byte> key, string code, DateTimeOffset now, long after)
    {
        byte[] asked = Encoding.UTF8.GetBytes(code);
        long current = StepAt(now);
        long? found = null;
        for (long step = current - Drift; step <= current + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(asked, Encoding.UTF8.GetBytes(CodeAt(key, step))) && step > after)
            {
                found ??= step;
            }
        }

        return found;
    }

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>Six digits.</summary>
    public static string CodeAt(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // HMAC-SHA-1 is what authenticator apps compute; its weakness is collisions, which do not help here.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        int value = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFFFFFF;
        return (value % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Base32 without padding (RFC 4648 §6), as apps read keys.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new((bytes.Length * 8 + 4) / 5);
        int buffer = 0;
        int bits = 0;
        foreach (byte value in bytes)
        {
            buffer = (buffer << 8) | value;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        return bits == 0 ? text.ToString() : text.Append(Alphabet[(buffer << (5 - bits)) & 31]).ToString();
    }
}
