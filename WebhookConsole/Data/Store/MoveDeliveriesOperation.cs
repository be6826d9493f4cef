using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Moves a page of a webhook's deliveries; the result is how many moved. Call again until it is fewer than the page.</summary>
internal sealed class MoveDeliveriesOperation(Guid webhookId, DeliveryMove move, string? reason, DateTimeOffset now) : WriteOperation<int>
{
    public const int Page = 500;

    // What a recovery has planned goes back to what it was; the recovery finds it again.
    // The caller saw the webhook a moment ago; if it was enabled since, nobody would release what is held now.
    private static readonly string s_hold = $"""
        UPDATE deliveries SET status = CASE WHEN {StatusSql.RecoversFailed} THEN {StatusSql.Failed} ELSE {StatusSql.Held} END,
            status_reason = CASE WHEN {StatusSql.RecoversFailed} THEN NULL ELSE @p1 END, next_attempt_at = NULL, recovery_id = NULL
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status IN ({StatusSql.Planned}) AND next_attempt_at IS NOT NULL LIMIT {Page})
        """;

    private static readonly string s_cancelHeld = $"""
        UPDATE deliveries SET status = {StatusSql.Cancelled}, completed_at = @p1, status_reason = @p2
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND {StatusSql.HeldByIndex} LIMIT {Page})
        """;

    private static readonly string s_cancelDue = $"""
        UPDATE deliveries SET status = CASE WHEN {StatusSql.RecoversFailed} THEN {StatusSql.Failed} ELSE {StatusSql.Cancelled} END,
            completed_at = CASE WHEN {StatusSql.RecoversFailed} THEN completed_at ELSE @p1 END,
            status_reason = CASE WHEN {StatusSql.RecoversFailed} THEN NULL ELSE @p2 END, next_attempt_at = NULL, recovery_id = NULL
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status IN ({StatusSql.Planned}) AND next_attempt_at IS NOT NULL LIMIT {Page})
        """;

    public override int Weight => Page;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        long at = now.ToUnixTimeMilliseconds();
        Result = move switch
        {
            DeliveryMove.Hold => WebhookRow.IsActive(session, webhookId) ? 0 : session.Execute(s_hold, webhookId, reason),
            DeliveryMove.Cancel => session.Execute(s_cancelDue, webhookId, at, reason) + session.Execute(s_cancelHeld, webhookId, at, reason),
            _ => throw new InvalidOperationException($"No such move: {move}."),
        };
    }
}
