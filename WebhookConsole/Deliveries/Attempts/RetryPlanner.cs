using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>When the next automatic attempt is due (specification §7). Pure: the random number is given.</summary>
public static class RetryPlanner
{
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <param name="schedule">The webhook's schedule as it is now.</param>
    /// <param name="attemptsMade">Automatic attempts including the one that just failed, 1 or more.</param>
    /// <param name="completedAt">When that attempt ended.</param>
    /// <param name="retryAfter">What the receiver asked for; moves the attempt later, never earlier.</param>
    /// <param name="jitter">Maximum share by which the delay varies: 0.1 is ±10 %.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    /// <returns>Null when the schedule has no further attempt.</returns>
    public static DateTimeOffset? Next(RetrySchedule schedule, int attemptsMade, DateTimeOffset completedAt, TimeSpan? retryAfter, double jitter, double random)
    {
        if (attemptsMade >= schedule.MaxAttempts)
        {
            return null;
        }

        TimeSpan delay = schedule.Delays[attemptsMade - 1] * (1 + jitter * (2 * random - 1));
        long asked = Math.Min(retryAfter?.Ticks ?? 0, MaxRetryAfter.Ticks);
        return completedAt.AddTicks(Math.Max(delay.Ticks, asked));
    }
}
