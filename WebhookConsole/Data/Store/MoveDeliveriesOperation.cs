using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Moves a page of a webhook's deliveries; the result is how many moved. Call again until it is fewer than the page.</summary>
internal sealed class MoveDeliveriesOperation(Guid webhookId, DeliveryMove move, string? reason, DateTimeOffset now, DateTimeOffset? since)
    : WriteOperation<int>
{
    public const int Page = 500;

    // Whoever asks for it saw the webhook a moment ago; if it was turned on since, nobody would release what is held now.
    private const string Hold = """
        UPDATE deliveries SET status = 4, next_attempt_at = NULL, status_reason = @p1
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status IN (0, 1) AND next_attempt_at IS NOT NULL LIMIT 500)
          AND EXISTS (SELECT 1 FROM webhooks w WHERE w.id = @p0 AND (w.enabled = @p2 OR w.verified = @p2))
        """;

    private const string Release = """
        UPDATE deliveries SET status = CASE WHEN scheduled_attempts = 0 THEN 0 ELSE 1 END, next_attempt_at = @p1, status_reason = NULL
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status = 4 AND status > 2 AND id >= @p2 LIMIT 500)
        """;

    private const string Discard = """
        UPDATE deliveries SET status = 5, completed_at = @p1, status_reason = @p2
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status = 4 AND status > 2 AND id >= @p3 LIMIT 500)
        """;

    private const string CancelDue = """
        UPDATE deliveries SET status = 5, next_attempt_at = NULL, completed_at = @p1, status_reason = @p2
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status IN (0, 1) AND next_attempt_at IS NOT NULL LIMIT 500)
        """;

    public override int Weight => Page;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        long at = now.ToUnixTimeMilliseconds();
        Guid first = Ids.Floor(since ?? DateTimeOffset.UnixEpoch);
        Result = move switch
        {
            DeliveryMove.Hold => session.Execute(Hold, webhookId, reason, false),
            DeliveryMove.Release => session.Execute(Release, webhookId, at, first),
            DeliveryMove.Discard => session.Execute(Discard, webhookId, at, reason, first),
            DeliveryMove.Cancel => session.Execute(CancelDue, webhookId, at, reason) + session.Execute(Discard, webhookId, at, reason, first),
            _ => throw new InvalidOperationException($"No such move: {move}."),
        };
    }
}
