using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace WebhookConsole.Ui;

/// <summary>
/// Bytes from a stranger in readable form: text when they are text, otherwise a hex dump. It never guesses an
/// encoding: anything but UTF-8 is shown as bytes (specification §17).
/// </summary>
public static class ByteText
{
    private const int BytesPerLine = 16;

    // Cutting in the middle of a character leaves at most three bytes of it.
    private const int MaxTornBytes = 3;

    /// <summary>The text, or null when the bytes are not valid UTF-8 or hold control characters other than tab, CR and LF.</summary>
    /// <param name="bytes">As received.</param>
    /// <param name="cut">True when more may have followed: an incomplete last character is then left out, not an error.</param>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, bool cut)
    {
        for (int torn = 0; torn <= (cut ? Math.Min(MaxTornBytes, bytes.Length) : 0); torn++)
        {
            ReadOnlySpan<byte> whole = bytes[..^torn];
            if (Utf8.IsValid(whole))
            {
                string text = Encoding.UTF8.GetString(whole);
                return text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')) ? null : text;
            }
        }

        return null;
    }

    /// <summary>Offset, sixteen bytes in hex, and the printable ASCII among them, one line each: the layout of <c>hexdump -C</c>.</summary>
    public static string HexDump(ReadOnlySpan<byte> bytes)
    {
        StringBuilder dump = new(bytes.Length * 5);
        for (int start = 0; start < bytes.Length; start += BytesPerLine)
        {
            ReadOnlySpan<byte> line = bytes.Slice(start, Math.Min(BytesPerLine, bytes.Length - start));
            dump.Append(start == 0 ? "" : "\n").Append(start.ToString("x4", CultureInfo.InvariantCulture)).Append("  ");
            for (int i = 0; i < BytesPerLine; i++)
            {
                dump.Append(i < line.Length ? line[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(i == (BytesPerLine / 2) - 1 ? "  " : " ");
            }

            dump.Append(' ');
            foreach (byte b in line)
            {
                dump.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
            }
        }

        return dump.ToString();
    }
}
