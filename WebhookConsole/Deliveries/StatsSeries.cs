using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>What happened in a part of a time range.</summary>
/// <param name="Until">The first moment after it.</param>
/// <param name="Succeeded">Attempts, not counting tests.</param>
/// <param name="P50Ms">Half of the attempts that were answered or timed out took no longer; null when there were none.</param>
/// <param name="P95Ms">As <paramref name="P50Ms"/>, for 95 of 100. Both are exact to within <see cref="LatencyScale.Error"/>.</param>
/// <param name="Backlog">The most deliveries that were seen waiting at one time.</param>
public sealed record StatsBucket(DateTimeOffset From, DateTimeOffset Until, long Succeeded, long Failed, int? P50Ms, int? P95Ms, long Backlog)
{
    public long Attempts => Succeeded + Failed;

    /// <summary>0–1; null when there were no attempts.</summary>
    public double? SuccessRate => Attempts == 0 ? null : Succeeded / (double)Attempts;
}

/// <summary>A time range in buckets, oldest first, and everything in it together.</summary>
public sealed record StatsSeries(IReadOnlyList<StatsBucket> Buckets, StatsBucket Total);

/// <summary>What is waiting now.</summary>
/// <param name="Waiting">Deliveries that wait for an attempt, counted up to <see cref="BacklogSampler.Limit"/>.</param>
/// <param name="OldestDueAt">When the one that has waited longest was due; null when nothing is due yet.</param>
public sealed record QueueDepth(int Waiting, DateTimeOffset? OldestDueAt);
