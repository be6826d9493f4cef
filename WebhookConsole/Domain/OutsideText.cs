using System.Text;

namespace WebhookConsole.Domain;

/// <summary>Makes text from outside safe to repeat: in a log line, in the detail of an attempt, in the sentence of a refusal.</summary>
public static class OutsideText
{
    private const int MaxExcerpt = 32;
    private const int ExcerptStart = 12;

    /// <summary>
    /// One line of printable text: control characters, half surrogate pairs and what reverses the order of the text become U+FFFD. A
    /// terminal obeys some of them, a log line is one line, and PostgreSQL stores neither NUL nor a half pair.
    /// </summary>
    /// <param name="maxLength">Longer text is cut and ends in <c>…</c>.</param>
    public static string Printable(string? text, int maxLength)
    {
        StringBuilder shown = new();
        foreach (Rune rune in Start(text ?? "", maxLength).EnumerateRunes())
        {
            shown.Append((Rune.IsControl(rune) || ShownName.IsSteering(rune) ? Rune.ReplacementChar : rune).ToString());
        }

        return shown.ToString();
    }

    /// <summary>
    /// What somebody sent, as a refusal repeats it. Long text is cut to its start: what is in the wrong field may be a secret, and those who
    /// receive a response log it.
    /// </summary>
    public static string Excerpt(string? text) => text is { Length: > MaxExcerpt } ? Start(text, ExcerptStart + 1) : text ?? "";

    // The cut never leaves half a surrogate pair.
    private static string Start(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 2]) ? maxLength - 2 : maxLength - 1)] + "…";
}
