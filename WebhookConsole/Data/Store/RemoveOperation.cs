namespace WebhookConsole.Data.Store;

/// <summary>
/// Removes a page of what retention found. The search was a moment ago, so every row is checked again: a delivery that has become
/// due since then stays, with its event.
/// </summary>
internal sealed class RemoveOperation(IReadOnlyList<Guid> deliveries, IReadOnlyList<Guid> events) : WriteOperation<int>
{
    private static readonly string s_deleteDelivery = $"DELETE FROM deliveries WHERE id = @p0 AND status IN ({StatusSql.Finished})";

    private const string DeleteAttempts = "DELETE FROM attempts WHERE delivery_id = @p0";

    private const string DeleteEvent = "DELETE FROM events WHERE id = @p0 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = @p0)";

    // A delivery is removed together with its attempts, of which it has at least one.
    public override int Weight => 2 * deliveries.Count + events.Count;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        int removed = 0;
        foreach (Guid id in deliveries)
        {
            if (session.Execute(s_deleteDelivery, id) == 1)
            {
                session.Execute(DeleteAttempts, id);
                removed++;
            }
        }

        foreach (Guid id in events)
        {
            removed += session.Execute(DeleteEvent, id);
        }

        Result = removed;
    }
}
