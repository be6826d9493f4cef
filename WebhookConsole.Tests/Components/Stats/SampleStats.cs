using WebhookConsole.Components.Controls;
using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Components.Pages.Stats;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Tests.Components.Stats;

/// <summary>Figures to show: the last column is the hour, quarter of a day or day that contains <see cref="Now"/>.</summary>
internal static class SampleStats
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 5, 9, TimeSpan.Zero);

    public static readonly Guid WebhookId = Guid.Parse("019a0000-0000-7000-8000-000000000002");
    public static readonly Guid EntryId = Guid.Parse("019a0000-0000-7000-8000-0000000000ee");

    /// <param name="last">Succeeded and failed in the last column; the one before it has 10 successes, all others nothing.</param>
    public static StatsData Data(ChartRange range = ChartRange.Day, (int Succeeded, int Failed)? last = null, params WebhookChange[] changes)
    {
        StatsWindow window = ChartRanges.WindowAt(range, Now, TimeZoneInfo.Utc);
        StatsBucket Bucket(int i, long succeeded, long failed, int? p50, int? p95, long backlog) =>
            new(window.StartOf(i), window.StartOf(i + 1), succeeded, failed, p50, p95, backlog);

        (int succeeded, int failed) = last ?? (0, 0);
        StatsBucket[] buckets =
        [
            .. Enumerable
                .Range(0, window.Count)
                .Select(i =>
                    last is null || i < window.Count - 2 ? Bucket(i, 0, 0, null, null, 0)
                    : i == window.Count - 2 ? Bucket(i, 10, 0, 20, 40, 7)
                    : Bucket(i, succeeded, failed, 30, 1200, 0)
                ),
        ];
        StatsBucket total = new(
            window.StartOf(0),
            window.StartOf(window.Count),
            buckets.Sum(b => b.Succeeded),
            buckets.Sum(b => b.Failed),
            last is null ? null : 25,
            last is null ? null : 1100,
            buckets.Max(b => b.Backlog)
        );
        return new StatsData(range, new StatsSeries(buckets, total), changes);
    }

    public static WebhookChange Change(TimeSpan before, string what = "Secret rotated") =>
        new(EntryId, WebhookId, Now - before, "Billing", what, "ada@example.com", IconName.Rotate);
}
