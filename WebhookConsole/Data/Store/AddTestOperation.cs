using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Writes a finished test: event, delivery and attempt together, so that a crash leaves either all of it or nothing.</summary>
internal sealed class AddTestOperation(WebhookEvent testEvent, Delivery delivery, DeliveryAttempt attempt, AuditEntry? audit) : WriteOperation<bool>
{
    private const string InsertEvent = """
        INSERT INTO events (id, project_id, type, payload, test, created_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
        """;

    private const string InsertDelivery = """
        INSERT INTO deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, completed_at, attempt_count, scheduled_attempts,
            failure_class, last_status_code, last_duration_ms)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, 1, 0, @p9, @p10, @p11)
        """;

    public override int Weight => 3;

    public override void Execute(StoreSession session, BatchState batch)
    {
        long createdAt = testEvent.CreatedAt.ToUnixTimeMilliseconds();
        session.Execute(InsertEvent, testEvent.Id, testEvent.ProjectId, testEvent.Type, testEvent.Payload, true, createdAt);
        session.Execute(
            InsertDelivery,
            delivery.Id,
            delivery.ProjectId,
            delivery.EventId,
            delivery.WebhookId,
            delivery.EventType,
            (int)delivery.Status,
            true,
            createdAt,
            delivery.CompletedAt?.ToUnixTimeMilliseconds(),
            (int?)attempt.FailureClass,
            attempt.StatusCode,
            attempt.DurationMs
        );
        RecordAttemptOperation.Insert(session, batch, attempt, 1);
        if (audit is not null)
        {
            AuditStatement.Insert(session, audit);
        }
    }
}
