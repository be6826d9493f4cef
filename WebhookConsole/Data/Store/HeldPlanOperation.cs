using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Moves a page of what a plan is about; the result is how many moved. Call again until it is fewer than the page: the plan is then gone.
/// </summary>
internal sealed class HeldPlanOperation(HeldPlan plan, DateTimeOffset now) : WriteOperation<int>
{
    public const int Page = 500;

    private const string LockPlan = "UPDATE held_plans SET reason = reason WHERE id = @p0";

    private const string RemovePlan = "DELETE FROM held_plans WHERE id = @p0";

    private static readonly string s_page =
        $"SELECT id FROM deliveries WHERE webhook_id = @p0 AND {StatusSql.HeldByIndex} AND id >= @p1 AND id < @p2 LIMIT {Page}";

    // If the webhook was disabled since, its lane would hold them again; whoever turns it on decides anew.
    private static readonly string s_release = $"""
        UPDATE deliveries SET status = CASE WHEN scheduled_attempts = 0 THEN {StatusSql.Pending} ELSE {StatusSql.Retrying} END,
            next_attempt_at = @p3, status_reason = NULL
        WHERE id IN ({s_page}) AND EXISTS (SELECT 1 FROM webhooks w WHERE w.id = @p0 AND w.enabled = @p4 AND w.verified = @p4 AND w.deleted_at IS NULL)
        """;

    private static readonly string s_discard = $"""
        UPDATE deliveries SET status = {StatusSql.Cancelled}, completed_at = @p3, status_reason = @p4 WHERE id IN ({s_page})
        """;

    public override int Weight => Page;

    public override void Execute(StoreSession session, BatchState batch)
    {
        batch.FlushRows(session);

        // Somebody else has finished it.
        if (session.Execute(LockPlan, plan.Id) == 0)
        {
            return;
        }

        Guid from = Ids.Floor(plan.Since ?? DateTimeOffset.UnixEpoch);
        Guid to = Ids.Floor(plan.Until);
        long at = now.ToUnixTimeMilliseconds();
        Result =
            plan.Action == HeldAction.Send
                ? session.Execute(s_release, plan.WebhookId, from, to, at, true)
                : session.Execute(s_discard, plan.WebhookId, from, to, at, plan.Reason);
        if (Result < Page)
        {
            session.Send(RemovePlan, plan.Id);
        }
    }
}
