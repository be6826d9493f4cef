using WebhookConsole.Domain;
using static WebhookConsole.Data.Store.StoreValueKind;

namespace WebhookConsole.Data.Store;

/// <summary>Writes events and their deliveries; for a client id that is already known, it writes nothing.</summary>
internal sealed class AddEventsOperation(IReadOnlyList<NewEvent> events) : WriteOperation<StoredEvent[]>, IRowChanger
{
    public const int PayloadPerWeight = 256;

    // Only events with a client id use this: their answer depends on whether the id was known.
    private static readonly RowChange s_insertOnce = new(
        """
        INSERT INTO events (id, project_id, type, trace_parent, payload, client_id, test, created_at)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)
        ON CONFLICT DO NOTHING
        """,
        [Id, Id, Text, Text, Bytes, Text, StoreValueKind.Boolean, Integer]
    );

    private const string FindByClientId = "SELECT id FROM events WHERE project_id = @p0 AND client_id = @p1";

    private const string InsertSeenType = """
        INSERT INTO event_types (project_id, name, description, seen, created_at) VALUES (@p0, @p1, '', @p2, @p3) ON CONFLICT DO NOTHING
        """;

    // Waiting operations are kept in memory, so a large payload counts as many rows.
    public override int Weight { get; } = events.Sum(e => 1 + e.Deliveries.Count + e.Event.Payload.Length / PayloadPerWeight);

    public override void Execute(StoreSession session, BatchState batch)
    {
        Result = new StoredEvent[events.Count];
        for (int i = 0; i < events.Count; i++)
        {
            WebhookEvent e = events[i].Event;
            long createdAt = e.CreatedAt.ToUnixTimeMilliseconds();
            if (e.ClientId is null)
            {
                batch.Events.Add(session, e.Id, e.ProjectId, e.Type, e.TraceParent, e.Payload, e.ClientId, e.Test, createdAt);
            }
            else
            {
                batch.Change(session, s_insertOnce, this, i, e.Id, e.ProjectId, e.Type, e.TraceParent, e.Payload, e.ClientId, e.Test, createdAt);
            }
        }
    }

    public void Changed(StoreSession session, BatchState batch, RowChange change, int tag, long number)
    {
        if (number == 0)
        {
            Result[tag] = Find(session, events[tag].Event);
        }
    }

    public override void Complete(StoreSession session, BatchState batch)
    {
        for (int i = 0; i < events.Count; i++)
        {
            Result[i] ??= AddDeliveries(session, batch, events[i]);
        }
    }

    private static StoredEvent Find(StoreSession session, WebhookEvent e)
    {
        using IStoreRows first = session.Query(FindByClientId, e.ProjectId, e.ClientId);
        return first.Read()
            ? new StoredEvent(first.Id(0), 0, Duplicate: true)
            : throw new InvalidOperationException($"Event {e.Id} has the same id as another event.");
    }

    private static StoredEvent AddDeliveries(StoreSession session, BatchState batch, NewEvent item)
    {
        WebhookEvent e = item.Event;
        long createdAt = e.CreatedAt.ToUnixTimeMilliseconds();
        batch.Saw(e);
        if (item.NewType)
        {
            session.Send(InsertSeenType, e.ProjectId, e.Type, true, createdAt);
        }

        List<Guid>? dueAfterAll = null;
        foreach (NewDelivery d in item.Deliveries)
        {
            // The decision to hold came from a cache. If the webhook was enabled since, its held deliveries have already been released
            // and this one would stay behind; so the table decides.
            bool held = d.HeldReason is not null && !WebhookRow.IsActive(session, d.WebhookId);
            if (d.HeldReason is not null && !held)
            {
                (dueAfterAll ??= []).Add(d.WebhookId);
            }

            batch.Deliveries.Add(
                session,
                d.Id,
                e.ProjectId,
                e.Id,
                d.WebhookId,
                e.Type,
                (int)(held ? DeliveryStatus.Held : DeliveryStatus.Pending),
                e.Test,
                createdAt,
                held ? default(StoreValue) : createdAt,
                0,
                0,
                held ? d.HeldReason : null
            );
        }

        return new StoredEvent(e.Id, item.Deliveries.Count, Duplicate: false) { DueAfterAll = (IReadOnlyList<Guid>?)dueAfterAll ?? [] };
    }
}
