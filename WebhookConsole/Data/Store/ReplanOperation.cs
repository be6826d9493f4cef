namespace WebhookConsole.Data.Store;

/// <summary>
/// Moves the plan of one webhook back when the wall clock was set back, a page at a time in the order of the plan; the result is the (old) time
/// up to which it moved, null when nothing is left. First attempts are due now, whatever the clock said when they were accepted.
/// </summary>
/// <param name="after">Unix milliseconds; retries planned after it are moved.</param>
/// <param name="by">Milliseconds.</param>
internal sealed class ReplanOperation(Guid webhookId, long now, long after, long by) : WriteOperation<long?>
{
    private const int Page = 500;

    private static readonly string s_pending = $"""
        UPDATE deliveries SET next_attempt_at = @p1
        WHERE id IN (SELECT id FROM deliveries WHERE webhook_id = @p0 AND status = {StatusSql.Pending} AND next_attempt_at > @p1
            ORDER BY next_attempt_at DESC LIMIT {Page})
        """;

    private static readonly string s_pageEnd = $"""
        SELECT MAX(next_attempt_at) FROM (SELECT next_attempt_at FROM deliveries
            WHERE webhook_id = @p0 AND status = {StatusSql.Retrying} AND next_attempt_at > @p1 ORDER BY next_attempt_at LIMIT {Page}) page
        """;

    private static readonly string s_retries = $"""
        UPDATE deliveries SET next_attempt_at = next_attempt_at - @p3
        WHERE webhook_id = @p0 AND status = {StatusSql.Retrying} AND next_attempt_at > @p1 AND next_attempt_at <= @p2
        """;

    // A process that did not see the step itself relies on this mark; it counts once.
    private const string Mark = "UPDATE webhook_health SET last_attempt_at = @p1 WHERE webhook_id = @p0 AND last_attempt_at > @p1";

    public override int Weight => Page * 2;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        bool more = session.Execute(s_pending, webhookId, now) == Page;
        long? end = by > 0 ? session.Number(s_pageEnd, webhookId, after) : null;
        if (end is not null)
        {
            session.Execute(s_retries, webhookId, after, end, by);
        }
        else if (!more)
        {
            session.Send(Mark, webhookId, now);
        }

        Result = end ?? (more ? after : null);
    }
}
