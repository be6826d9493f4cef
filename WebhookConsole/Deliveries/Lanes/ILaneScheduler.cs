namespace WebhookConsole.Deliveries.Lanes;

/// <summary>
/// All that the engine needs of a scheduler: run the lane of a webhook, at most one at a time in the whole installation. Waking
/// is idempotent; nothing depends on it arriving, because the database is the queue and the sweep finds what was missed.
/// </summary>
public interface ILaneScheduler
{
    /// <summary>Runs the lane as soon as it does not run.</summary>
    ValueTask RunAsync(Guid webhookId);

    /// <summary>Runs the lane at a time, replacing what was planned for it.</summary>
    ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time);
}
