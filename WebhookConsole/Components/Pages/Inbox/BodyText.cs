using System.Globalization;
using System.Text;

namespace WebhookConsole.Components.Pages.Inbox;

/// <summary>How the bytes of a body are shown: as text where they are text, else as a hex dump.</summary>
internal static class BodyText
{
    // Enough to recognise a format by; more would make the page sluggish.
    private const int MaxHexBytes = 4096;
    private const int BytesPerLine = 16;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Null for bytes that are not UTF-8 text.</returns>
    public static string? Of(byte[] body)
    {
        try
        {
            return body.Contains((byte)0) ? null : s_strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Offset, bytes and what is printable of them, 16 a line; the first 4 KB.</summary>
    public static string HexOf(byte[] body)
    {
        StringBuilder text = new();
        int shown = Math.Min(body.Length, MaxHexBytes);
        for (int at = 0; at < shown; at += BytesPerLine)
        {
            ReadOnlySpan<byte> line = body.AsSpan(at, Math.Min(BytesPerLine, shown - at));
            text.Append(at.ToString("x6", CultureInfo.InvariantCulture)).Append("  ");
            foreach (byte b in line)
            {
                text.Append(b.ToString("x2", CultureInfo.InvariantCulture)).Append(' ');
            }

            text.Append(' ', ((BytesPerLine - line.Length) * 3) + 1);
            foreach (byte b in line)
            {
                text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
            }

            text.Append('\n');
        }

        return shown < body.Length ? text.Append($"… {body.Length - shown} more bytes").ToString() : text.ToString().TrimEnd('\n');
    }
}
