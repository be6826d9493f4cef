using WebhookConsole.Deliveries;

namespace WebhookConsole.Components.Controls.Charts;

/// <summary>How far back charts look.</summary>
public enum ChartRange
{
    Day = 0,
    Week = 1,
    Month = 2,
}

/// <summary>Names, lengths and columns of the ranges.</summary>
public static class ChartRanges
{
    /// <summary>The name in the address: <c>24h</c>, <c>7d</c>, <c>30d</c>.</summary>
    public static string NameOf(ChartRange range) =>
        range switch
        {
            ChartRange.Day => "24h",
            ChartRange.Week => "7d",
            ChartRange.Month => "30d",
            _ => throw new ArgumentOutOfRangeException(nameof(range), range, null),
        };

    /// <summary>Reads what <see cref="NameOf"/> wrote; null for anything else.</summary>
    public static ChartRange? Parse(string name) => Enum.GetValues<ChartRange>().Select(r => (ChartRange?)r).FirstOrDefault(r => NameOf(r!.Value) == name);

    /// <summary><c>24 hours</c></summary>
    public static string TextOf(ChartRange range) =>
        range switch
        {
            ChartRange.Day => "24 hours",
            ChartRange.Week => "7 days",
            ChartRange.Month => "30 days",
            _ => throw new ArgumentOutOfRangeException(nameof(range), range, null),
        };

    /// <summary>How much time a column covers: enough to keep columns wide enough to tap.</summary>
    public static TimeSpan StepOf(ChartRange range) =>
        range switch
        {
            ChartRange.Day => TimeSpan.FromHours(1),
            ChartRange.Week => TimeSpan.FromHours(6),
            ChartRange.Month => TimeSpan.FromDays(1),
            _ => throw new ArgumentOutOfRangeException(nameof(range), range, null),
        };

    /// <summary>The minimum time between two reads: a month changes slowly and takes the longest to read.</summary>
    public static TimeSpan RestOf(ChartRange range) =>
        range switch
        {
            ChartRange.Day => TimeSpan.FromSeconds(2),
            ChartRange.Week => TimeSpan.FromSeconds(10),
            ChartRange.Month => TimeSpan.FromSeconds(20),
            _ => throw new ArgumentOutOfRangeException(nameof(range), range, null),
        };

    /// <summary>The columns, the last of which contains <paramref name="now"/>. They begin on whole hours and days in the zone.</summary>
    public static StatsWindow WindowAt(ChartRange range, DateTimeOffset now, TimeZoneInfo zone)
    {
        TimeSpan step = StepOf(range);
        int columns = range switch
        {
            ChartRange.Day => 24,
            ChartRange.Week => 28,
            ChartRange.Month => 30,
            _ => throw new ArgumentOutOfRangeException(nameof(range), range, null),
        };
        long local = (now - DateTimeOffset.UnixEpoch + zone.GetUtcOffset(now)).Ticks;
        DateTimeOffset end = DateTimeOffset.UnixEpoch.AddTicks((local / step.Ticks + 1) * step.Ticks) - zone.GetUtcOffset(now);
        return StatsWindow.Of(end - step * columns, end, step);
    }
}
