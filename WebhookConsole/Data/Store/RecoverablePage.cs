using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Deliveries that a recovery may send next.</summary>
/// <param name="Part">The part of the recovery that they belong to, as it was read.</param>
/// <param name="Ids">In order; may be empty.</param>
/// <param name="Position">Everything up to this id has been looked at.</param>
/// <param name="AtEnd">True when nothing matches behind it.</param>
public sealed record RecoverablePage(RecoveryPart Part, IReadOnlyList<Guid> Ids, Guid Position, bool AtEnd);

/// <summary>Finds what a recovery may send next. It reads on its own connection, so a long search holds nobody up.</summary>
internal static class RecoverableSearch
{
    // Where few event types match, a page may be empty; the next one continues after it.
    private const int MaxLooked = 2000;

    private static readonly string s_failed = SelectOf(StatusSql.Failed);
    private static readonly string s_held = SelectOf(StatusSql.Held);

    private const string SelectOne = """
        SELECT d.event_type, d.test FROM deliveries d WHERE d.id = @p0 AND d.webhook_id = @p1 AND d.status = @p2
            AND NOT EXISTS (SELECT 1 FROM recovery_results r WHERE r.recovery_id = @p3 AND r.delivery_id = d.id)
        """;

    public static RecoverablePage Read(StoreSession session, Recovery recovery, RecoveryPart part, int limit) =>
        recovery.SelectedIds() is { } selected ? ReadSelected(session, part, selected, limit) : ReadRange(session, recovery, part, limit);

    private static RecoverablePage ReadRange(StoreSession session, Recovery recovery, RecoveryPart part, int limit)
    {
        List<Guid> ids = [];
        Guid position = part.Position;
        int looked = 0;
        using IStoreRows rows = session.Query(
            part.Status == DeliveryStatus.Held ? s_held : s_failed,
            part.WebhookId,
            part.Position,
            Ids.Floor(recovery.Since ?? DateTimeOffset.UnixEpoch),
            Ids.Floor(recovery.Until),
            part.RecoveryId,
            MaxLooked
        );
        while (rows.Read())
        {
            looked++;
            position = rows.Id(0);
            if (rows.Number(2) == 0 && recovery.EventTypes.Matches(rows.Text(1)))
            {
                ids.Add(position);
                if (ids.Count == limit)
                {
                    return new RecoverablePage(part, ids, position, AtEnd: false);
                }
            }
        }

        return new RecoverablePage(part, ids, position, AtEnd: looked < MaxLooked);
    }

    private static RecoverablePage ReadSelected(StoreSession session, RecoveryPart part, IReadOnlyList<Guid> selected, int limit)
    {
        List<Guid> ids = [];
        foreach (Guid id in selected.Where(id => id.CompareTo(part.Position) > 0))
        {
            using IStoreRows row = session.Query(SelectOne, id, part.WebhookId, (int)part.Status, part.RecoveryId);
            if (row.Read() && row.Number(1) == 0)
            {
                ids.Add(id);
                if (ids.Count == limit)
                {
                    return new RecoverablePage(part, ids, id, AtEnd: false);
                }
            }
        }

        return new RecoverablePage(part, ids, part.Position, AtEnd: true);
    }

    // The index of stopped deliveries is in this order.
    private static string SelectOf(string status) =>
        $"""
            SELECT d.id, d.event_type, d.test FROM deliveries d
            WHERE d.webhook_id = @p0 AND d.status = {status} AND d.{StatusSql.Stopped} AND d.id > @p1 AND d.id >= @p2 AND d.id < @p3
                AND NOT EXISTS (SELECT 1 FROM recovery_results r WHERE r.recovery_id = @p4 AND r.delivery_id = d.id)
            ORDER BY d.id LIMIT @p5
            """;
}
