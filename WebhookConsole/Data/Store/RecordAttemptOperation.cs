using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using static WebhookConsole.Data.Store.StoreValueKind;

namespace WebhookConsole.Data.Store;

/// <summary>
/// Writes an attempt, the transition of its delivery and the webhook's counters, all or nothing. The transition is a
/// compare-and-set: if somebody else has decided in between (a replay succeeded, the webhook was deleted), the attempt is still
/// kept and that decision stands.
/// </summary>
internal sealed class RecordAttemptOperation(AttemptResult result, bool continueOnWriter) : WriteOperation<RecordedAttempt>(continueOnWriter), IRowChanger
{
    private const string AttemptCount = "attempt_count";

    // Asking for the number with RETURNING would cost twice as much. Nearly always the first attempt succeeds,
    // and its number is known.
    private static readonly RowChange s_succeedAtFirst = new(
        $"""
        UPDATE deliveries SET completed_at = @p1, status = {StatusSql.Succeeded}, next_attempt_at = NULL, attempt_count = 1, scheduled_attempts = 1,
            last_status_code = @p2, last_duration_ms = @p3
        WHERE id = @p0 AND status = {StatusSql.Pending} AND attempt_count = 0
        """,
        [Id, Integer, Integer, Integer]
    );

    // A 2xx is final whatever has happened in between: the receiver has the event.
    private static readonly RowChange s_succeed = new(
        $"""
        UPDATE deliveries SET completed_at = CASE WHEN status = {StatusSql.Succeeded} THEN completed_at ELSE @p1 END, status = {StatusSql.Succeeded},
            next_attempt_at = NULL, attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + @p2, failure_class = NULL, last_status_code = @p3,
            last_duration_ms = @p4, status_reason = NULL, recovery_id = NULL
        WHERE id = @p0
        """,
        [Id, Integer, Integer, Integer, Integer],
        AttemptCount
    );

    // A delivery that was held during the request stays held, one attempt further in its schedule.
    private static readonly RowChange s_retry = new(
        $"""
        UPDATE deliveries SET status = CASE WHEN status = {StatusSql.Held} THEN {StatusSql.Held} ELSE {StatusSql.Retrying} END,
            next_attempt_at = CASE WHEN status = {StatusSql.Held} THEN NULL ELSE @p1 END,
            attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4,
            recovery_id = NULL
        WHERE id = @p0 AND {StatusSql.Open} AND scheduled_attempts = @p5
        """,
        [Id, Integer, Integer, Integer, Integer, Integer],
        AttemptCount
    );

    private static readonly RowChange s_giveUp = new(
        $"""
        UPDATE deliveries SET status = {StatusSql.Failed}, next_attempt_at = NULL, completed_at = @p1, status_reason = NULL, recovery_id = NULL,
            attempt_count = attempt_count + 1, scheduled_attempts = scheduled_attempts + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4
        WHERE id = @p0 AND {StatusSql.Open} AND scheduled_attempts = @p5
        """,
        [Id, Integer, Integer, Integer, Integer, Integer],
        AttemptCount
    );

    // A delivery that had failed stays failed: a recovery gives it one attempt, not another schedule.
    private static readonly RowChange s_failAgain = new(
        $"""
        UPDATE deliveries SET status = {StatusSql.Failed}, next_attempt_at = NULL, completed_at = @p1, recovery_id = NULL,
            attempt_count = attempt_count + 1, failure_class = @p2, last_status_code = @p3, last_duration_ms = @p4
        WHERE id = @p0 AND recovery_id = @p5
        """,
        [Id, Integer, Integer, Integer, Integer, Id],
        AttemptCount
    );

    private static readonly RowChange s_countOnly = new("UPDATE deliveries SET attempt_count = attempt_count + 1 WHERE id = @p0", [Id], AttemptCount);

    private const string FindAttempt = "SELECT number FROM attempts WHERE id = @p0";

    private const string DisableWebhook = """
        UPDATE webhooks SET enabled = @p1, auto_disabled_at = @p2, state_reason = @p3, updated_at = @p2, version = version + 1
        WHERE id = @p0 AND enabled = @p4 AND deleted_at IS NULL RETURNING name
        """;

    // The number of the attempt, and whether the delivery has failed with it; null while nothing was changed, because the delivery is gone.
    private (int Number, bool GaveUp)? _transition;

    public override bool IsResult => true;

    public override void Execute(StoreSession session, BatchState batch)
    {
        _transition = null;
        if (result.Again && session.Number(FindAttempt, result.Attempt.Id) is { } known)
        {
            Result = new RecordedAttempt((int)known, null);
            return;
        }

        Result = new RecordedAttempt(0, null);
        if (result.AutoDisable is not null || result.Facts is not null)
        {
            batch.WantHealth(result.WebhookId);
        }

        if (result.Test is { } test)
        {
            _transition = (TestRows.Insert(session, test), GaveUp: false);
        }
        else
        {
            Transition(session, batch);
        }
    }

    public void Changed(StoreSession session, BatchState batch, RowChange change, int tag, long number)
    {
        if (number > 0)
        {
            _transition = ((int)number, GaveUp: change == s_giveUp);
        }
        else if (change == s_succeedAtFirst)
        {
            Succeed(session, batch);
        }
        else if (change != s_countOnly)
        {
            batch.Change(session, s_countOnly, this, 0, result.Attempt.DeliveryId);
        }
    }

    public override void Complete(StoreSession session, BatchState batch)
    {
        if (_transition is not (int number, bool gaveUp))
        {
            return;
        }

        DeliveryAttempt attempt = result.Attempt;
        Insert(session, batch, attempt, number);
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
            told = AttemptNews.Tell(session, batch, result, facts, number, gaveUp, disabled);
        }

        Result = new RecordedAttempt(number, disabled) { Told = told, GaveUp = gaveUp };
    }

    // A connection that was refused says nothing about how long the endpoint takes; one that ran into the time limit does.
    private static int? LatencyOf(DeliveryAttempt attempt) =>
        attempt.StatusCode is not null || attempt.FailureClass == FailureClass.Timeout ? attempt.DurationMs : null;

    private static void Insert(StoreSession session, BatchState batch, DeliveryAttempt a, int number)
    {
        KeptHead request = a.Request ?? KeptHead.Whole(new RequestText(a.Url, a.SignedWith, a.RequestHeaders).ToBytes());
        KeptHead? response = a.Response ?? (a.ResponseHeaders is { } head ? KeptHead.Whole(head) : null);
        batch.Refer(session, request.Head, a.StartedAt);
        batch.Refer(session, response?.Head, a.StartedAt);
        batch.Attempts.Add(
            session,
            a.Id,
            a.DeliveryId,
            number,
            (int)a.Trigger,
            a.StartedAt.ToUnixTimeMilliseconds(),
            a.DurationMs,
            a.RemoteAddress,
            a.StatusCode,
            (int?)a.FailureClass,
            (int?)a.FailureKind,
            a.ErrorDetail,
            request.Head?.Id,
            request.Rest,
            response?.Head?.Id,
            response?.Rest,
            a.ResponseBody
        );
    }

    private bool IsScheduled => result.Attempt.Trigger == AttemptTrigger.Automatic || result.Recovery is { WasFailed: false };

    private void Transition(StoreSession session, BatchState batch)
    {
        DeliveryAttempt a = result.Attempt;
        long completedAt = result.CompletedAt.ToUnixTimeMilliseconds();
        if (a.FailureClass is not { } failure)
        {
            if (a.Trigger == AttemptTrigger.Automatic && result.ExpectedScheduledAttempts == 0)
            {
                batch.Change(session, s_succeedAtFirst, this, 0, a.DeliveryId, completedAt, a.StatusCode, a.DurationMs);
            }
            else
            {
                Succeed(session, batch);
            }
        }
        else if (result.Recovery is { WasFailed: true } recovery)
        {
            batch.Change(session, s_failAgain, this, 0, a.DeliveryId, completedAt, (int)failure, a.StatusCode, a.DurationMs, recovery.Id);
        }
        else if (IsScheduled)
        {
            batch.Change(
                session,
                result.NextAttemptAt is null ? s_giveUp : s_retry,
                this,
                0,
                a.DeliveryId,
                result.NextAttemptAt?.ToUnixTimeMilliseconds() ?? completedAt,
                (int)failure,
                a.StatusCode,
                a.DurationMs,
                result.ExpectedScheduledAttempts
            );
        }
        else
        {
            batch.Change(session, s_countOnly, this, 0, a.DeliveryId);
        }
    }

    private void Succeed(StoreSession session, BatchState batch)
    {
        DeliveryAttempt a = result.Attempt;
        batch.Change(session, s_succeed, this, 0, a.DeliveryId, result.CompletedAt.ToUnixTimeMilliseconds(), IsScheduled ? 1 : 0, a.StatusCode, a.DurationMs);
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
