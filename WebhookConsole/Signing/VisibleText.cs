using System.Globalization;
using System.Text;

namespace WebhookConsole.Signing;

/// <summary>A piece of text for a page, or a mark that stands for something invisible.</summary>
/// <param name="Text">What to show.</param>
/// <param name="Meaning">What a mark stands for: "tab"; null for plain text.</param>
public readonly record struct VisiblePiece(string Text, string? Meaning);

/// <summary>
/// Shows bytes so that nothing stays hidden: line breaks, tabs, white space at the end of a line, control and zero-width characters, and bytes that
/// are not UTF-8 become marks.
/// </summary>
public static class VisibleText
{
    /// <summary>As one text, with the marks in it.</summary>
    public static string Write(ReadOnlySpan<byte> bytes) => string.Concat(Split(bytes).Select(p => p.Text));

    /// <summary>Plain text and marks in turn. A line break follows the mark of a line feed.</summary>
    public static IReadOnlyList<VisiblePiece> Split(ReadOnlySpan<byte> bytes)
    {
        List<VisiblePiece> pieces = [];
        StringBuilder plain = new();
        while (!bytes.IsEmpty)
        {
            bool isText = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            (string, string)? mark = isText ? MarkOf(rune, bytes[length..]) : ($"\\x{bytes[0]:x2}", "a byte that is not UTF-8");
            if (mark is var (text, meaning))
            {
                Flush();
                pieces.Add(new(text, meaning));
                if (isText && rune.Value == '\n')
                {
                    plain.Append('\n');
                }
            }
            else
            {
                plain.Append(rune.ToString());
            }

            bytes = bytes[(isText ? length : 1)..];
        }

        Flush();
        return pieces;

        void Flush()
        {
            if (plain.Length > 0)
            {
                pieces.Add(new(plain.ToString(), null));
                plain.Clear();
            }
        }
    }

    private static (string Text, string Meaning)? MarkOf(Rune rune, ReadOnlySpan<byte> rest) =>
        rune.Value switch
        {
            '\n' => ("\\n", "line feed (LF)"),
            '\r' => ("\\r", "carriage return (CR)"),
            '\t' => ("\\t", "tab"),
            ' ' when rest.IsEmpty || rest[0] is (byte)'\n' or (byte)'\r' => ("·", "space at the end"),
            0xFEFF => ("[BOM]", "byte order mark"),
            0xA0 => ("[NBSP]", "no-break space"),
            < 0x20 or 0x7F => (string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"), "control character"),
            _ when Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator => (string.Create(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]"), "invisible character"),
            _ => null,
        };
}
