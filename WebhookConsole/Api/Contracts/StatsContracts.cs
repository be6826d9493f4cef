using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Api.Contracts;

/// <summary>The query parameters of GET /webhooks/{id}/stats.</summary>
public sealed record StatsQueryContract
{
    /// <summary>Buckets are an hour long unless the query says otherwise.</summary>
    public const int DefaultStep = 3600;

    [Description("The first bucket begins here, rounded down to a quarter of an hour. The default is 24 hours before until.")]
    public DateTimeOffset? Since { get; init; }

    [Description("The last bucket ends here, rounded up to a quarter of an hour. The default is now.")]
    public DateTimeOffset? Until { get; init; }

    [Description("Length of a bucket in seconds: a multiple of 900, at most 86400. A query has at most 1000 buckets.")]
    [Range(900, 86_400)]
    [DefaultValue(DefaultStep)]
    public int Step { get; init; } = DefaultStep;
}

/// <summary>What happened at a webhook over time. Test deliveries are not counted.</summary>
public sealed record StatsContract
{
    [Description("Oldest first, without gaps.")]
    public required IReadOnlyList<StatsBucketContract> Buckets { get; init; }

    [Description("Deliveries that are waiting for an attempt now, counted up to 100000.")]
    public required int Backlog { get; init; }

    [Description("When the delivery that has waited longest was due; null when none is due.")]
    public required DateTimeOffset? OldestDueAt { get; init; }
}

/// <summary>A part of the time range.</summary>
public sealed record StatsBucketContract
{
    public required DateTimeOffset From { get; init; }

    [Description("Attempts that were answered with 2xx.")]
    public required long Succeeded { get; init; }

    [Description("Attempts that failed, including those that were retried later.")]
    public required long Failed { get; init; }

    [Description("Median latency of the attempts that were answered or timed out, to within 12 %; null when there were none.")]
    public required int? P50Ms { get; init; }

    [Description("95th percentile of the same latencies, to within 12 %; null when there were none.")]
    public required int? P95Ms { get; init; }
}
