using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Removes heads that no attempt refers to any more, without a search through the attempts: one that refers to a head began at most
/// <see cref="AttemptHeads.Refresh"/> after the head's last use, so a head is no longer needed when the oldest attempt began later than that. Both
/// times come from attempts, so a step of the clock removes nothing. The second day allows for attempts that another node has not written yet.
/// </summary>
internal sealed class RemoveHeadsOperation : WriteOperation<int>
{
    /// <summary>How many are removed at once.</summary>
    public const int Page = 500;

    internal const string SelectOldest = "SELECT id FROM attempts ORDER BY id LIMIT 1";

    internal const string Delete = """
        DELETE FROM attempt_heads WHERE id IN (SELECT id FROM attempt_heads WHERE last_used < @p0 ORDER BY last_used LIMIT @p1)
        """;

    private static readonly TimeSpan s_margin = 2 * AttemptHeads.Refresh;

    public override void Execute(StoreSession session, BatchState batch)
    {
        Result = 0;
        batch.FlushRows(session);
        Guid oldest;
        using (IStoreRows first = session.Query(SelectOldest))
        {
            if (!first.Read())
            {
                return;
            }

            oldest = first.Id(0);
        }

        Result = session.Execute(Delete, (Ids.TimeOf(oldest) - s_margin).ToUnixTimeMilliseconds(), Page);
        if (Result > 0)
        {
            session.KnownHeads.Clear();
        }
    }
}
