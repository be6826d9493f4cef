using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Removes heads that no attempt refers to any more, without a search through the attempts: one that refers to a head began at most
/// <see cref="AttemptHeads.Refresh"/> after the head's last use, so a head is no longer needed when the oldest attempt began later than that. Both
/// times come from attempts, so a step of the clock removes nothing that is used. The second day allows for attempts that another node has not written yet.
/// </summary>
/// <param name="oldest">When the oldest attempt began; where there is none, how far back attempts are kept.
/// Never later than the time of a shared server.</param>
internal sealed class RemoveHeadsOperation(DateTimeOffset oldest) : WriteOperation<int>
{
    /// <summary>How many are removed at once.</summary>
    public const int Page = 500;

    internal const string SelectOldest = "SELECT id FROM attempts ORDER BY id LIMIT 1";

    // The first condition is for a head that another node uses again while this statement waits for its row.
    internal const string Delete = """
        DELETE FROM attempt_heads WHERE last_used < @p0 AND id IN (SELECT id FROM attempt_heads WHERE last_used < @p0 ORDER BY last_used LIMIT @p1)
        """;

    private static readonly TimeSpan s_margin = 2 * AttemptHeads.Refresh;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);
        Result = session.Execute(Delete, (oldest - s_margin).ToUnixTimeMilliseconds(), Page);
        if (Result > 0)
        {
            session.KnownHeads.Clear();
        }
    }
}
