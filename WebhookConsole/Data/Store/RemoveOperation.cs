namespace WebhookConsole.Data.Store;

/// <summary>
/// Removes a page of what retention found. The search was a moment ago, so every row is checked again: a delivery that has become
/// due since then stays, with its event.
/// </summary>
internal sealed class RemoveOperation(IReadOnlyList<Guid> deliveries, IReadOnlyList<Guid> events) : WriteOperation<int>
{
    private static readonly RowChange s_deleteDelivery = new($"DELETE FROM deliveries WHERE id = @p0 AND {StatusSql.Finished}", [StoreValueKind.Id]);

    private static readonly RowChange s_deleteAttempts = new("DELETE FROM attempts WHERE delivery_id = @p0", [StoreValueKind.Id]);

    private static readonly RowChange s_deleteEvent = new(
        "DELETE FROM events WHERE id = @p0 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = @p0)",
        [StoreValueKind.Id]
    );

    // A delivery is removed together with its attempts, of which it has at least one.
    public override int Weight => 2 * deliveries.Count + events.Count;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        long[] removed = session.Change(s_deleteDelivery, deliveries);
        session.Change(s_deleteAttempts, [.. deliveries.Where((_, i) => removed[i] > 0)]);
        Result = (int)(removed.Sum() + session.Change(s_deleteEvent, events).Sum());
    }
}
