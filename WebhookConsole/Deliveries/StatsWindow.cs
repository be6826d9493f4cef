using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>A time range in buckets of equal length, which begin at quarters of an hour because the counters do.</summary>
public sealed record StatsWindow
{
    /// <summary>More buckets than this are refused.</summary>
    public const int MaxBuckets = 1000;

    /// <summary>A bucket is at most a day long.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromDays(1);

    private StatsWindow(long first, long end, int length)
    {
        First = first;
        End = end;
        Length = length;
    }

    /// <summary>The first quarter.</summary>
    public long First { get; }

    /// <summary>The quarter after the last.</summary>
    public long End { get; }

    /// <summary>Quarters in a bucket; the last one may be shorter.</summary>
    public int Length { get; }

    /// <summary>How many buckets there are.</summary>
    public int Count => CountOf(First, End, Length);

    /// <summary>When a bucket begins; that of <see cref="Count"/> is the end.</summary>
    public DateTimeOffset StartOf(int index) => WebhookQuarter.StartOf(Math.Min(First + (long)index * Length, End));

    /// <summary>The window from <paramref name="since"/> to <paramref name="until"/>, both rounded outwards to quarters of an hour.</summary>
    /// <exception cref="RuleException">Invalid: no range, a step that is not a number of quarters, or too many buckets.</exception>
    public static StatsWindow Of(DateTimeOffset since, DateTimeOffset until, TimeSpan step)
    {
        if (step < WebhookQuarter.Length || step > LongestStep || step.Ticks % WebhookQuarter.Length.Ticks != 0)
        {
            throw RuleException.Invalid(
                "step",
                $"'step' must be a multiple of {WebhookQuarter.Length.TotalSeconds:0} seconds, at most {LongestStep.TotalSeconds:0} (a day)."
            );
        }

        if (since >= until)
        {
            throw RuleException.Invalid("since", "'since' must be earlier than 'until'.");
        }

        long first = WebhookQuarter.Of(since);
        long end = WebhookQuarter.Of(until - TimeSpan.FromTicks(1)) + 1;
        int length = (int)(step / WebhookQuarter.Length);
        return end - first <= (long)MaxBuckets * length
            ? new StatsWindow(first, end, length)
            : throw RuleException.Invalid(
                "step",
                $"This range has more than {MaxBuckets} buckets of {step.TotalSeconds:0} seconds. Choose a longer step or a shorter range."
            );
    }

    private static int CountOf(long first, long end, int length) => (int)((end - first + length - 1) / length);
}
