namespace WebhookConsole.Domain;

/// <summary>
/// Classes of latencies. Each ends at most a quarter above where it begins, so that counting attempts by class is enough to
/// tell a percentile to within <see cref="Error"/>, over any time and any number of webhooks.
/// </summary>
public static class LatencyScale
{
    /// <summary>The largest relative error of <see cref="Percentile"/>, besides rounding to whole milliseconds.</summary>
    public const double Error = 0.12;

    // The largest latency of each class in milliseconds. An attempt ends after ten seconds at the latest, so the last class is narrow
    // and also takes what is longer.
    // csharpier-ignore
    private static readonly int[] s_limits =
    [
        1, 2, 3, 4, 6, 8, 10, 12, 15, 19, 24, 30, 37, 46, 58, 72, 90, 113, 141, 176, 220, 275, 344, 430, 537, 671, 839, 1049, 1311, 1639, 2048, 2560,
        3200, 4000, 5000, 6250, 7812, 9700, 10300,
    ];

    /// <summary>How many classes there are.</summary>
    public static int Count => s_limits.Length;

    /// <summary>The class of a latency in milliseconds.</summary>
    public static int ClassOf(int milliseconds)
    {
        int index = Array.BinarySearch(s_limits, milliseconds);
        return Math.Min(index < 0 ? ~index : index, Count - 1);
    }

    /// <summary>The latency in milliseconds that a share of the attempts do not exceed (nearest rank).</summary>
    /// <param name="counts">Attempts in each class.</param>
    /// <param name="share">0.95 for p95.</param>
    /// <returns>Null when nothing was counted.</returns>
    public static int? Percentile(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(total * share));
        long seen = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return MiddleOf(i);
            }
        }

        return null;
    }

    // At the geometric middle, the relative error is the same in both directions.
    private static int MiddleOf(int index)
    {
        int lowest = index == 0 ? 1 : s_limits[index - 1] + 1;
        return (int)Math.Round(Math.Sqrt((double)lowest * s_limits[index]));
    }
}
