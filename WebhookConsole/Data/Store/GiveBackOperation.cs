namespace WebhookConsole.Data.Store;

/// <summary>
/// Makes a page of the deliveries that a recovery has planned failed or held again; the result is how many. Call it again until that is less
/// than a page. What is in flight meanwhile is recorded as usual.
/// </summary>
internal sealed class GiveBackOperation(Guid recoveryId) : WriteOperation<int>
{
    public const int Page = 500;

    private static readonly string s_giveBack = $"""
        UPDATE deliveries SET status = CASE WHEN {StatusSql.RecoversFailed} THEN {StatusSql.Failed} ELSE {StatusSql.Held} END,
            status_reason = CASE WHEN {StatusSql.RecoversFailed} THEN NULL ELSE @p1 END, next_attempt_at = NULL, recovery_id = NULL
        WHERE id IN (SELECT id FROM deliveries WHERE recovery_id = @p0 LIMIT {Page})
        """;

    public override int Weight => Page;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        Result = session.Execute(s_giveBack, recoveryId, "The recovery that was to send it was stopped.");
    }
}
