using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>Writes the event and the delivery of a test for <see cref="RecordAttemptOperation"/>.</summary>
internal static class TestRows
{
    private const string InsertEvent = """
        INSERT INTO events (id, project_id, type, payload, test, created_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
        """;

    private const string InsertDelivery = """
        INSERT INTO deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, completed_at, attempt_count, scheduled_attempts,
            failure_class, last_status_code, last_duration_ms)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, 0, @p10, @p11, @p12)
        """;

    /// <returns>The number of its attempt.</returns>
    public static int Insert(StoreSession session, TestDelivery test)
    {
        (WebhookEvent sent, Delivery delivery) = test;
        long createdAt = sent.CreatedAt.ToUnixTimeMilliseconds();
        session.Send(InsertEvent, sent.Id, sent.ProjectId, sent.Type, sent.Payload, true, createdAt);
        session.Send(
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
            delivery.AttemptCount,
            (int?)delivery.FailureClass,
            delivery.LastStatusCode,
            delivery.LastDurationMs
        );
        return delivery.AttemptCount;
    }
}
