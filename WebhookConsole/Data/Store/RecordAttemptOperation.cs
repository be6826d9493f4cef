using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Writes an attempt, the transition of its delivery and the webhook's counters, all or nothing. The transition is a
/// compare-and-set: if somebody else has decided in between (a replay succeeded, the webhook was deleted), the attempt is still
/// kept and that decision stands.
/// </summary>
internal sealed class RecordAttemptOperation(AttemptResult result, bool continueOnWriter) : WriteOperation<RecordedAttempt>(continueOnWriter)
{
    // Asking for the number with RETURNING would cost twice as much. Nearly always the first attempt succeeds,
    // and its number is known.
    private static readonly string s_succeedAtFirst = $"""
        UPDATE deliveries SET completed_at = @p1, status = {StatusSql.Succeeded}, next_attempt_at = NULL, attempt_count = 1, scheduled_attempts = 1,
            last_status_code = @p2, last_duration_ms = @p3
        WHERE id = @p0 AND status = {StatusSql.Pending} AND attempt_count = 0
        """;

    private const string SelectCount = "SELECT attempt_count FROM deliveries WHERE id = @p0";

    // A 2xx is final whatever has happened in between: the receiver has the event.
    private static readonly string s_succeed = $"""
        UPDATE deliveries SET completed_at = CASE WHEN status = {StatusSql.Succeeded} THEN completed_at ELSE @p1 END, status = {StatusSql.Succeeded},
            next_attempt_at = NULL, attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + @p2, failure_class = NULL, last_status_code = @p3,
            last_duration_ms = @p4, status_reason = NULL, recovery_id = NULL
        WHERE id = @p0
        """;

    // A delivery that was held during the request stays held, one attempt further in its schedule.
    private static readonly string s_retry = $"""
        UPDATE deliveries SET status = CASE WHEN status = {StatusSql.Held} THEN {StatusSql.Held} ELSE {StatusSql.Retrying} END,
            next_attempt_at = CASE WHEN status = {StatusSql.Held} THEN NULL ELSE @p1 END,
            attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4,
            recovery_id = NULL
        WHERE id = @p0 AND status IN ({StatusSql.Open}) AND scheduled_attempts = @p5
        """;

    private static readonly string s_giveUp = $"""
        UPDATE deliveries SET status = {StatusSql.Failed}, next_attempt_at = NULL, completed_at = @p1, status_reason = NULL, recovery_id = NULL,
            attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4
        WHERE id = @p0 AND status IN ({StatusSql.Open}) AND scheduled_attempts = @p5
        """;

    // A delivery that had failed stays failed: a recovery gives it one attempt, not another schedule.
    private static readonly string s_failAgain = $"""
        UPDATE deliveries SET status = {StatusSql.Failed}, next_attempt_at = NULL, completed_at = @p1, recovery_id = NULL,
            attempt_count = attempt_count + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4
        WHERE id = @p0 AND recovery_id = @p5
        """;

    private const string CountOnly = "UPDATE deliveries SET attempt_count = attempt_count + 1 WHERE id = @p0";

    private const string FindAttempt = "SELECT number FROM attempts WHERE id = @p0";

    private const string DisableWebhook = """
        UPDATE webhooks SET enabled = @p1, auto_disabled_at = @p2, state_reason = @p3, updated_at = @p2, version = version + 1
        WHERE id = @p0 AND enabled = @p4 AND deleted_at IS NULL RETURNING name
        """;

    private bool _gaveUp;

    public override bool IsResult => true;

    public override void Execute(StoreSession session, BatchState batch)
    {
        DeliveryAttempt attempt = result.Attempt;
        if (result.Again && session.Number(FindAttempt, attempt.Id) is { } known)
        {
            Result = new RecordedAttempt((int)known, null);
            return;
        }

        int? number = result.Test is { } test ? TestRows.Insert(session, test) : Transition(session);
        if (number is null)
        {
            Result = new RecordedAttempt(0, null);
            return;
        }

        Insert(session, batch, attempt, number.Value);
        if (result.Audit is { } entry)
        {
            AuditStatement.Insert(session, entry);
        }

        if (result.Recovery is { } recovery)
        {
            RecoveryStatements.AddResult(session, recovery.Id, attempt, result.CompletedAt);
        }

        if (result.Test is null)
        {
            batch.Count(result.WebhookId, result.CompletedAt, attempt.FailureClass is null, LatencyOf(attempt));
        }

        string? disabled =
            result.AutoDisable is { } rule
            && batch.Health(session, result.WebhookId).Apply(result.CompletedAt, Ids.TimeOf(attempt.DeliveryId), attempt.StatusCode, attempt.FailureClass, rule)
                is { } reason
            && Disable(session, reason)
                ? reason
                : null;
        IReadOnlyList<Guid> told = [];
        if (result.Facts is { } facts)
        {
            told = AttemptNews.Tell(session, batch, result, facts, number.Value, _gaveUp, disabled);
        }

        Result = new RecordedAttempt(number.Value, disabled) { Told = told, GaveUp = _gaveUp };
    }

    // A connection that was refused says nothing about how long the endpoint takes; one that ran into the time limit does.
    private static int? LatencyOf(DeliveryAttempt attempt) =>
        attempt.StatusCode is not null || attempt.FailureClass == FailureClass.Timeout ? attempt.DurationMs : null;

    private static void Insert(StoreSession session, BatchState batch, DeliveryAttempt a, int number) =>
        batch.Attempts.Add(
            session,
            a.Id,
            a.DeliveryId,
            number,
            (int)a.Trigger,
            a.StartedAt.ToUnixTimeMilliseconds(),
            a.DurationMs,
            a.Url,
            a.RemoteAddress,
            a.StatusCode,
            (int?)a.FailureClass,
            (int?)a.FailureKind,
            a.ErrorDetail,
            a.RequestHeaders,
            a.ResponseHeaders,
            a.ResponseBody,
            a.SignedWith
        );

    // Returns the number of the attempt; null when the delivery is gone.
    private int? Transition(StoreSession session)
    {
        DeliveryAttempt a = result.Attempt;
        _gaveUp = false;
        bool automatic = a.Trigger == AttemptTrigger.Automatic;
        bool scheduled = automatic || result.Recovery is { WasFailed: false };
        long completedAt = result.CompletedAt.ToUnixTimeMilliseconds();
        int changed = 0;
        if (a.FailureClass is null)
        {
            if (automatic && session.Execute(s_succeedAtFirst, a.DeliveryId, completedAt, a.StatusCode, a.DurationMs) == 1)
            {
                return 1;
            }

            changed = session.Execute(s_succeed, a.DeliveryId, completedAt, scheduled ? 1 : 0, a.StatusCode, a.DurationMs);
        }
        else if (result.Recovery is { WasFailed: true } recovery)
        {
            changed = session.Execute(s_failAgain, a.DeliveryId, completedAt, (int)a.FailureClass, a.StatusCode, a.DurationMs, recovery.Id);
        }
        else if (scheduled)
        {
            changed = result.NextAttemptAt is { } next
                ? session.Execute(
                    s_retry,
                    a.DeliveryId,
                    next.ToUnixTimeMilliseconds(),
                    (int)a.FailureClass,
                    a.StatusCode,
                    a.DurationMs,
                    result.ExpectedScheduledAttempts
                )
                : session.Execute(s_giveUp, a.DeliveryId, completedAt, (int)a.FailureClass, a.StatusCode, a.DurationMs, result.ExpectedScheduledAttempts);
            _gaveUp = changed == 1 && result.NextAttemptAt is null;
        }

        if (changed == 0)
        {
            session.Execute(CountOnly, a.DeliveryId);
        }

        return (int?)session.Number(SelectCount, a.DeliveryId);
    }

    private bool Disable(StoreSession session, string reason)
    {
        long at = result.CompletedAt.ToUnixTimeMilliseconds();
        string name;
        using (IStoreRows disabled = session.Query(DisableWebhook, result.WebhookId, false, at, reason, true))
        {
            if (!disabled.Read())
            {
                return false;
            }

            name = disabled.Text(0);
        }

        AuditStatement.Insert(
            session,
            new AuditEntry
            {
                Id = Ids.New(result.CompletedAt),
                ProjectId = result.ProjectId,
                At = result.CompletedAt,
                ActorKind = "system",
                ActorName = "Delivery engine",
                Action = AuditActions.WebhookAutoDisabled,
                TargetKind = "webhook",
                TargetId = result.WebhookId,
                TargetName = name,
                Details = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = reason }),
            }
        );
        return true;
    }
}
