namespace WebhookConsole.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
public static class NearestName
{
    private const int MostEdits = 2;

    /// <summary>The candidate that is a typing error away, whatever the case; null when none is.</summary>
    public static string? Of(string text, IEnumerable<string> candidates) =>
        Closest(text, candidates) is { } found && IsTypingError(text, found) ? found : null;

    /// <summary>The candidate with the fewest edits, however many; null when there are no candidates.</summary>
    public static string? Closest(string text, IEnumerable<string> candidates) => candidates.MinBy(c => Edits(text, c));

    // A short word is two edits away from too many others.
    private static bool IsTypingError(string text, string candidate) => Edits(text, candidate) <= Math.Clamp(candidate.Length / 3, 1, MostEdits);

    // This computes the Levenshtein distance row by row.
    private static int Edits(string from, string to)
    {
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i + 1;
            for (int j = 0; j < to.Length; j++)
            {
                int replaced = above[j] + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1);
                row[j + 1] = Math.Min(replaced, Math.Min(above[j + 1], row[j]) + 1);
            }

            above = row;
        }

        return above[^1];
    }
}
