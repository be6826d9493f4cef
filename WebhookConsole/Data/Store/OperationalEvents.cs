using System.Globalization;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Writes the <see cref="OperationalEvent"/>s of the engine, each in the transaction of the change that it is about.</summary>
internal static class OperationalEvents
{
    private static readonly string s_selectSubscribers = $"""
        SELECT o.id, o.event_filter, o.enabled, o.verified, w.name, w.project_id, w.scope FROM webhooks w
        JOIN webhooks o ON o.project_id = w.project_id AND o.scope = {((int)WebhookScope.Operations).ToString(
            CultureInfo.InvariantCulture
        )} AND o.deleted_at IS NULL
        WHERE w.id = @p0
        """;

    /// <param name="webhookId">The webhook that it tells of.</param>
    /// <param name="more">Writes what the type has beside time and webhook.</param>
    /// <returns>The webhooks whose lanes have something to do once this is committed.</returns>
    public static IReadOnlyList<Guid> Add(StoreSession session, BatchState batch, Guid webhookId, string type, DateTimeOffset at, Action<Utf8JsonWriter> more)
    {
        List<OperationalSubscriber> all = [];
        OperationalSubject? about = null;
        using (IStoreRows rows = session.Query(s_selectSubscribers, webhookId))
        {
            while (rows.Read())
            {
                about ??= new OperationalSubject(webhookId, rows.Id(5), rows.Text(4), (WebhookScope)rows.Number(6)!);
                all.Add(new OperationalSubscriber(rows.Id(0), EventFilter.Parse(rows.Text(1)), rows.Number(2) == 1 && rows.Number(3) == 1));
            }
        }

        if (about is null || OperationalEvent.Make(about, all, type, at, more) is not { } told)
        {
            return [];
        }

        WebhookEvent e = told.Event;
        long createdAt = e.CreatedAt.ToUnixTimeMilliseconds();
        batch.Events.Add(session, e.Id, e.ProjectId, e.Type, null as string, e.Payload, null as string, e.Test, createdAt);
        foreach (Delivery d in told.Deliveries)
        {
            batch.Deliveries.Add(
                session,
                d.Id,
                d.ProjectId,
                d.EventId,
                d.WebhookId,
                d.EventType,
                (int)d.Status,
                d.Test,
                createdAt,
                d.NextAttemptAt?.ToUnixTimeMilliseconds(),
                d.AttemptCount,
                d.ScheduledAttempts,
                d.StatusReason
            );
        }

        return told.Wake;
    }
}
