using System.Globalization;
using System.Text.Json;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Writes operational events and their deliveries in the transaction of the change that they tell of (specification §7). Nothing is written
/// where no webhook wants it, and nothing about a webhook that gets such events itself: its failure would tell of itself forever.
/// </summary>
internal static class OperationalEvents
{
    private static readonly string s_selectSubscribers = $"""
        SELECT o.id, o.event_filter, o.enabled, o.verified, w.name, w.project_id FROM webhooks w
        JOIN webhooks o ON o.project_id = w.project_id AND o.scope = {((int)WebhookScope.Operations).ToString(
            CultureInfo.InvariantCulture
        )} AND o.deleted_at IS NULL
        WHERE w.id = @p0 AND w.scope = {((int)WebhookScope.Events).ToString(CultureInfo.InvariantCulture)}
        """;

    /// <param name="webhookId">The webhook that it tells of.</param>
    /// <param name="more">Writes what the type has beside time and webhook.</param>
    /// <returns>The webhooks whose lanes have something to do once this is committed.</returns>
    public static IReadOnlyList<Guid> Add(StoreSession session, BatchState batch, Guid webhookId, string type, DateTimeOffset at, Action<Utf8JsonWriter> more)
    {
        List<(Guid Id, bool Active)> subscribers = [];
        string name = "";
        Guid project = default;
        using (IStoreRows rows = session.Query(s_selectSubscribers, webhookId))
        {
            while (rows.Read())
            {
                (name, project) = (rows.Text(4), rows.Id(5));
                if (EventFilter.Parse(rows.Text(1)).Matches(type))
                {
                    subscribers.Add((rows.Id(0), rows.Number(2) == 1 && rows.Number(3) == 1));
                }
            }
        }

        if (subscribers.Count == 0)
        {
            return [];
        }

        Guid eventId = Ids.New(at);
        long milliseconds = at.ToUnixTimeMilliseconds();
        batch.Events.Add(
            session,
            eventId,
            project,
            type,
            null as string,
            OperationalPayload.Write(type, at, webhookId, name, more),
            null as string,
            false,
            milliseconds
        );
        foreach ((Guid id, bool active) in subscribers)
        {
            batch.Deliveries.Add(
                session,
                Ids.New(at),
                project,
                eventId,
                id,
                type,
                (int)(active ? DeliveryStatus.Pending : DeliveryStatus.Held),
                false,
                milliseconds,
                active ? milliseconds : default(StoreValue),
                0,
                0,
                active ? null as string : OperationalEventTypes.HeldReason
            );
        }

        return [.. subscribers.Where(s => s.Active).Select(s => s.Id)];
    }
}
