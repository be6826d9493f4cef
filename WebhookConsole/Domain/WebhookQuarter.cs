namespace WebhookConsole.Domain;

/// <summary>
/// What happened at one webhook in a quarter of an hour, kept by the writer so that charts never count rows. Tests are not counted. The
/// counts by latency are columns of the same row, one for each class of <see cref="LatencyScale"/>; only the store reads them.
/// </summary>
public sealed class WebhookQuarter
{
    /// <summary>Every time zone is a whole number of quarters away from UTC, so hours and days of any zone are sums of these.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    public required Guid WebhookId { get; init; }

    /// <summary>Quarters of an hour since 1970-01-01 UTC.</summary>
    public required long Quarter { get; init; }

    /// <summary>Attempts that succeeded.</summary>
    public int Succeeded { get; set; }

    /// <summary>Attempts that failed.</summary>
    public int Failed { get; set; }

    /// <summary>The most deliveries that were seen waiting at one time (<c>BacklogSampler</c>); 0 when none were.</summary>
    public int Backlog { get; set; }

    /// <summary>The quarter that contains a time.</summary>
    public static long Of(DateTimeOffset time)
    {
        // This divides whole numbers: as a fraction, the last moment of a quarter would be rounded into the next one.
        (long quarter, long rest) = Math.DivRem((time - DateTimeOffset.UnixEpoch).Ticks, Length.Ticks);
        return rest < 0 ? quarter - 1 : quarter;
    }

    /// <summary>When a quarter begins.</summary>
    public static DateTimeOffset StartOf(long quarter) => DateTimeOffset.UnixEpoch.AddTicks(Length.Ticks * quarter);
}
