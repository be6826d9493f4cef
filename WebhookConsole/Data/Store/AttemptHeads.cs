using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The heads that the attempts of one transaction refer to and that may not be stored yet. They are written in that transaction, so that no crash
/// can leave an attempt without its heads. What was written is only believed while the connection lasts that committed it.
/// </summary>
internal sealed class AttemptHeads
{
    // Also how far apart an attempt and the last use of its head can be, which retention counts on.
    public static readonly TimeSpan Refresh = TimeSpan.FromDays(1);

    // The last use never goes back, although clocks do.
    private static readonly RowInsert s_insert = new(
        "attempt_heads (id, content, last_used)",
        [StoreValueKind.Id, StoreValueKind.Bytes, StoreValueKind.Integer],
        "ON CONFLICT (id) DO UPDATE SET last_used = excluded.last_used WHERE excluded.last_used > attempt_heads.last_used"
    );

    private readonly Dictionary<Guid, (byte[] Content, DateTimeOffset LastUsed)> _rows = [];

    /// <inheritdoc cref="BatchState.Refer"/>
    public HeadMark? Refer(StoreSession session, AttemptHead? head, DateTimeOffset startedAt)
    {
        if (head is null || (head.Stored is { } mark && mark.Known == session.KnownHeads && (startedAt - mark.At).Duration() < Refresh))
        {
            return null;
        }

        if (!_rows.TryGetValue(head.Id, out (byte[] Content, DateTimeOffset LastUsed) row) || row.LastUsed < startedAt)
        {
            _rows[head.Id] = (head.Content, startedAt);
        }

        return new HeadMark(session.KnownHeads, startedAt);
    }

    /// <summary>Writes them, in the order of their ids: two nodes that write the same ones cannot wait for each other.</summary>
    public void Write(StoreSession session)
    {
        if (_rows.Count == 0)
        {
            return;
        }

        RowBuffer rows = new(s_insert);
        foreach ((Guid id, (byte[] content, DateTimeOffset lastUsed)) in _rows.OrderBy(r => r.Key))
        {
            rows.Add(session, id, content, lastUsed.ToUnixTimeMilliseconds());
        }

        rows.Flush(session);
    }
}
