namespace WebhookConsole.Data.Store;

/// <summary>
/// Moves the plan of one webhook back when the wall clock was set back, a page at a time in the order of the plan; the result is the (old) time
/// up to which it moved, null when nothing is left. First attempts are due now, whatever the clock said when they were accepted.
/// </summary>
/// <param name="after">Unix milliseconds; retries planned after it are moved.</param>
/// <param name="by">
/// Milliseconds; 0 where nobody saw the step, so that each attempt tells how far: one that began in the future was made by the wrong clock. Null to
/// leave retries alone.
/// </param>
internal sealed class ReplanOperation(Guid webhookId, long now, long after, long? by) : WriteOperation<long?>
{
    private const int Page = 500;
    private const string LastStart = "(SELECT MAX(a.started_at) FROM attempts a WHERE a.delivery_id = deliveries.id)";

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

    // A retry that is planned before its own attempt began has been moved already, by a step that somebody saw. How much of the rest is its own delay is
    // not known any more, and a retry that comes too early is better than one that waits for hours.
    private static readonly string s_unseen = $"""
        UPDATE deliveries SET next_attempt_at = @p3 + CASE
            WHEN next_attempt_at < {LastStart} THEN 0
            ELSE next_attempt_at - {LastStart} END
        WHERE webhook_id = @p0 AND status = {StatusSql.Retrying} AND next_attempt_at > @p1 AND next_attempt_at <= @p2
            AND {LastStart} > @p3
        """;

    // A page would say that the last attempt was in the future.
    private const string CorrectLastAttempt = "UPDATE webhook_health SET last_attempt_at = @p1 WHERE webhook_id = @p0 AND last_attempt_at > @p1";

    public override int Weight => Page * 2;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        bool more = session.Execute(s_pending, webhookId, now) == Page;
        long? end = by is null ? null : session.Number(s_pageEnd, webhookId, after);
        if (end is not null)
        {
            session.Execute(by > 0 ? s_retries : s_unseen, webhookId, after, end, by > 0 ? by : now);
        }
        else if (!more)
        {
            session.Send(CorrectLastAttempt, webhookId, now);
        }

        Result = end ?? (more ? after : null);
    }
}
