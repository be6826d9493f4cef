namespace WebhookConsole.Ui;

/// <summary>The beginning of what a receiver answered, short enough to stand beside a sentence.</summary>
public static class Excerpt
{
    private const int MaxLines = 4;
    private const int MaxLineLength = 240;

    /// <summary>The first lines that are not empty, each shortened; null when there are none or the bytes are not text.</summary>
    /// <param name="cut">True when more may have followed the bytes.</param>
    public static string? Of(byte[]? bytes, bool cut)
    {
        if (bytes is not { Length: > 0 } || ByteText.TryDecode(bytes, cut) is not { } text)
        {
            return null;
        }

        string[] lines = [.. text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0)];

        // One line more takes the place of the dots that would stand for it.
        bool whole = lines.Length <= MaxLines + 1;
        string shown = string.Join('\n', (whole ? lines : lines.Take(MaxLines)).Select(Shorten));
        return shown.Length == 0 ? null
            : whole ? shown
            : shown + "\n…";
    }

    private static string Shorten(string line)
    {
        if (line.Length <= MaxLineLength)
        {
            return line;
        }

        // A character outside the basic plane is two chars, which stay together.
        int end = char.IsHighSurrogate(line[MaxLineLength - 1]) ? MaxLineLength - 1 : MaxLineLength;
        return line[..end] + "…";
    }
}
