using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The heads that the attempts of one transaction refer to and that may not be stored yet. They are written in that transaction, so that no crash
/// can leave an attempt without its heads.
/// </summary>
internal sealed class AttemptHeads
{
    // Also how far apart an attempt and the last use of its head can be, which retention counts on.
    public static readonly TimeSpan Refresh = TimeSpan.FromDays(1);

    // An entry takes about a hundred bytes of memory, and each webhook has a few.
    private const int MaxKnown = 10_000;

    // The last use never goes back, although clocks do.
    private static readonly RowInsert s_insert = new(
        "attempt_heads (id, content, last_used)",
        [StoreValueKind.Id, StoreValueKind.Bytes, StoreValueKind.Integer],
        "ON CONFLICT (id) DO UPDATE SET last_used = excluded.last_used WHERE excluded.last_used > attempt_heads.last_used"
    );

    private readonly Dictionary<Guid, (byte[] Content, DateTimeOffset LastUsed)> _rows = [];

    /// <inheritdoc cref="BatchState.Refer"/>
    public void Refer(StoreSession session, AttemptHead? head, DateTimeOffset startedAt)
    {
        if (head is null || (session.KnownHeads.TryGetValue(head.Id, out DateTimeOffset known) && (startedAt - known).Duration() < Refresh))
        {
            return;
        }

        if (session.KnownHeads.Count >= MaxKnown)
        {
            session.KnownHeads.Clear();
        }

        session.KnownHeads[head.Id] = startedAt;
        if (!_rows.TryGetValue(head.Id, out (byte[] Content, DateTimeOffset LastUsed) row) || row.LastUsed < startedAt)
        {
            _rows[head.Id] = (head.Content, startedAt);
        }
    }

    /// <summary>Writes them in the order of their ids, so that two nodes that write the same ones cannot deadlock.</summary>
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
