using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Backlogs as they were seen at one moment.</summary>
/// <param name="Waiting">Deliveries that wait, of each webhook that has any.</param>
/// <param name="Growing">Those that have grown for so long that somebody should know.</param>
/// <param name="Gone">Webhooks whose backlog was told of and is small again.</param>
public sealed record BacklogSample(
    IReadOnlyList<(Guid WebhookId, int Waiting)> Waiting,
    IReadOnlyList<(Guid WebhookId, int Waiting)> Growing,
    IReadOnlyList<Guid> Gone
);

/// <summary>
/// Keeps the largest backlog that was seen in a quarter of an hour; seeing the same again changes nothing. A backlog that grows is told to
/// operations webhooks once, until it has gone. The result is the lanes to wake.
/// </summary>
internal sealed class SampleBacklogOperation(long quarter, BacklogSample sample, DateTimeOffset at) : WriteOperation<IReadOnlyList<Guid>>
{
    private static readonly string s_upsert = $"""
        INSERT INTO webhook_quarters (webhook_id, quarter, backlog, succeeded, failed, {StatsSql.LatencyColumns})
        VALUES (@p0, @p1, @p2, 0, 0, {StatsSql.NoLatencies})
        ON CONFLICT (webhook_id, quarter) DO UPDATE SET backlog = excluded.backlog WHERE webhook_quarters.backlog < excluded.backlog
        """;

    private const string Report = """
        INSERT INTO webhook_health (webhook_id, consecutive_server_errors, backlog_reported_at) VALUES (@p0, 0, @p1)
        ON CONFLICT (webhook_id) DO UPDATE SET backlog_reported_at = excluded.backlog_reported_at WHERE webhook_health.backlog_reported_at IS NULL
        """;

    private const string Forget = "UPDATE webhook_health SET backlog_reported_at = NULL WHERE webhook_id = @p0";

    public override int Weight => sample.Waiting.Count;

    public override void Execute(StoreSession session, BatchState batch)
    {
        foreach ((Guid webhookId, int waiting) in sample.Waiting.OrderBy(w => w.WebhookId))
        {
            session.Send(s_upsert, webhookId, quarter, waiting);
        }

        foreach (Guid webhookId in sample.Gone)
        {
            session.Send(Forget, webhookId);
        }

        List<Guid> wake = [];
        foreach ((Guid webhookId, int waiting) in sample.Growing)
        {
            if (session.Execute(Report, webhookId, at.ToUnixTimeMilliseconds()) == 1)
            {
                wake.AddRange(
                    OperationalEvents.Add(session, batch, webhookId, OperationalEventTypes.BacklogGrowing, at, json => json.WriteNumber("waiting", waiting))
                );
            }
        }

        Result = wake;
    }
}
