namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// Everything the engine needs from a scheduler: it runs the lane of a webhook, at most one at a time in the whole installation. Waking
/// is idempotent, and nothing depends on a wake arriving, because the database is the queue and the sweep finds what was missed.
/// </summary>
public interface ILaneScheduler
{
    /// <summary>Runs the lane now, or as soon as its current run has ended.</summary>
    ValueTask RunAsync(Guid webhookId);

    /// <summary>Runs the lane at the given time, which replaces the time planned before.</summary>
    ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time);
}
