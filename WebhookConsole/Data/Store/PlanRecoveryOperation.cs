using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Makes a page of failed or held deliveries due for a recovery and moves its position, if the recovery still runs; the result is how many
/// became due. The page was read a moment ago, so a delivery that somebody else has taken since is left alone.
/// </summary>
internal sealed class PlanRecoveryOperation(RecoverablePage page, DateTimeOffset now) : WriteOperation<int>
{
    // It changes nothing, but makes a person who pauses the recovery at this moment wait, so that nothing becomes due behind their back.
    private static readonly string s_lockRunning = $"UPDATE recoveries SET probing = probing WHERE id = @p0 AND status = {RecoveryStatements.Running}";

    private static readonly RowChange s_planFailed = new(
        $"UPDATE deliveries SET status = {StatusSql.Retrying}, next_attempt_at = @p1, recovery_id = @p2 WHERE id = @p0 AND status = {StatusSql.Failed}",
        [StoreValueKind.Id, StoreValueKind.Integer, StoreValueKind.Id]
    );

    private static readonly RowChange s_planHeld = new(
        $"""
        UPDATE deliveries SET status = CASE WHEN scheduled_attempts = 0 THEN {StatusSql.Pending} ELSE {StatusSql.Retrying} END, next_attempt_at = @p1,
            status_reason = NULL, recovery_id = @p2
        WHERE id = @p0 AND status = {StatusSql.Held}
        """,
        [StoreValueKind.Id, StoreValueKind.Integer, StoreValueKind.Id]
    );

    private const string Move = """
        UPDATE recovery_parts SET position = @p3, found = @p4, done = @p5 WHERE recovery_id = @p0 AND webhook_id = @p1 AND status = @p2
        """;

    public override int Weight => 1 + page.Ids.Count;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        RecoveryPart part = page.Part;
        if (session.Execute(s_lockRunning, part.RecoveryId) == 0)
        {
            return;
        }

        long at = now.ToUnixTimeMilliseconds();
        StoreValue[] rows = [.. page.Ids.SelectMany(id => (StoreValue[])[id, at, part.RecoveryId])];
        long[] changed = new long[page.Ids.Count];
        session.Change(part.Status == DeliveryStatus.Held ? s_planHeld : s_planFailed, rows, changed);
        int planned = (int)changed.Sum();

        // Deliveries behind the position may have come back meanwhile (a webhook was disabled and turned on again), so only a search that finds
        // nothing from beginning to end is the last one.
        bool found = part.Found || planned > 0;
        bool again = page.AtEnd && found;
        session.Send(Move, part.RecoveryId, part.WebhookId, (int)part.Status, again ? Guid.Empty : page.Position, found && !again, page.AtEnd && !found);
        Result = planned;
    }
}
