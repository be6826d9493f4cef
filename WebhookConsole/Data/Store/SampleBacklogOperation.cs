namespace WebhookConsole.Data.Store;

/// <summary>Keeps the largest backlog that was seen in a quarter of an hour; seeing the same again changes nothing.</summary>
internal sealed class SampleBacklogOperation(long quarter, IReadOnlyList<(Guid WebhookId, int Waiting)> backlogs) : WriteOperation<bool>
{
    private static readonly string s_upsert = $"""
        INSERT INTO webhook_quarters (webhook_id, quarter, backlog, succeeded, failed, {StatsSql.LatencyColumns})
        VALUES (@p0, @p1, @p2, 0, 0, {StatsSql.NoLatencies})
        ON CONFLICT (webhook_id, quarter) DO UPDATE SET backlog = excluded.backlog WHERE webhook_quarters.backlog < excluded.backlog
        """;

    public override int Weight => backlogs.Count;

    public override void Execute(StoreSession session, BatchState batch)
    {
        foreach ((Guid webhookId, int waiting) in backlogs)
        {
            session.Execute(s_upsert, webhookId, quarter, waiting);
        }
    }
}
