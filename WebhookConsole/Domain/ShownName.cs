using System.Globalization;
using System.Text;

namespace WebhookConsole.Domain;

/// <summary>
/// What people may call themselves and their things: visible text that does not change how the text beside it is read
/// (UTS 39, UTR 36 §2.10). It may hold the joiners and marks that languages need.
/// </summary>
public static class ShownName
{
    // These letters look blank: Hangul fillers and the empty Braille pattern.
    private static readonly HashSet<int> s_blank = [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0];

    /// <summary>True for 1 to <paramref name="maxLength"/> characters of which at least one is visible.</summary>
    /// <param name="name">Trimmed.</param>
    public static bool IsValid(string name, int maxLength)
    {
        if (name.Length > maxLength || !IsPlain(name))
        {
            return false;
        }

        bool seen = false;
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (IsSteering(rune))
            {
                return false;
            }

            seen |= IsSeen(rune);
        }

        return seen;
    }

    /// <summary>True for text without control characters and half surrogate pairs, which PostgreSQL accepts neither in rows nor in queries.</summary>
    public static bool IsPlain(string text)
    {
        for (int i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune) || Rune.IsControl(rune))
            {
                return false;
            }

            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    // These are line ends, and the overrides and isolates that reverse the order of what follows.
    internal static bool IsSteering(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Format
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
            )
        && !s_blank.Contains(rune.Value);
}
