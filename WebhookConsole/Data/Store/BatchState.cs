using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// What the operations of one transaction share: new rows are gathered and written many at a time; health is read once, and it and the
/// counters for charts are folded in memory and written once per webhook, however many attempts the batch holds.
/// </summary>
internal sealed class BatchState
{
    private const string SelectHealth = """
        SELECT consecutive_server_errors, failing_since, failing_from, trouble_since, certificate_expires_at, certificate_reported FROM webhook_health
        WHERE webhook_id = @p0
        """;

    private const string UpsertHealth = """
        INSERT INTO webhook_health (webhook_id, consecutive_server_errors, failing_since, failing_from, last_attempt_at, last_status_code,
            last_failure_class, trouble_since, certificate_expires_at, certificate_reported)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)
        ON CONFLICT (webhook_id) DO UPDATE SET consecutive_server_errors = excluded.consecutive_server_errors, failing_since = excluded.failing_since,
            failing_from = excluded.failing_from, last_attempt_at = excluded.last_attempt_at, last_status_code = excluded.last_status_code,
            last_failure_class = excluded.last_failure_class, trouble_since = excluded.trouble_since,
            certificate_expires_at = excluded.certificate_expires_at, certificate_reported = excluded.certificate_reported
        """;

    private const string UpsertLastEvent = """
        INSERT INTO event_type_activity (project_id, name, last_event_id, last_event_at) VALUES (@p0, @p1, @p2, @p3)
        ON CONFLICT (project_id, name) DO UPDATE SET last_event_id = excluded.last_event_id, last_event_at = excluded.last_event_at
        """;

    private static readonly RowInsert s_events = new("events (id, project_id, type, trace_parent, payload, client_id, test, created_at)", 8);

    private static readonly RowInsert s_deliveries = new(
        "deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, next_attempt_at, attempt_count, scheduled_attempts, status_reason)",
        12
    );

    private static readonly RowInsert s_attempts = new(
        """
        attempts (id, delivery_id, number, "trigger", started_at, duration_ms, url, remote_address, status_code, failure_class, failure_kind,
            error_detail,
            request_headers, response_headers, response_body, signed_with)
        """,
        16
    );

    private readonly Dictionary<Guid, WebhookHealth> _health = [];
    private readonly Dictionary<(Guid Webhook, long Quarter), QuarterCounts> _quarters = [];

    private readonly Dictionary<(Guid Project, string Type), WebhookEvent> _lastEvents = [];

    public RowBuffer Events { get; } = new(s_events);

    public RowBuffer Deliveries { get; } = new(s_deliveries);

    public RowBuffer Attempts { get; } = new(s_attempts);

    /// <summary>Writes the gathered rows, for an operation that has to find them.</summary>
    public void FlushRows(StoreSession session)
    {
        Events.Flush(session);
        Deliveries.Flush(session);
        Attempts.Flush(session);
    }

    public WebhookHealth Health(StoreSession session, Guid webhookId)
    {
        if (!_health.TryGetValue(webhookId, out WebhookHealth? health))
        {
            health = new WebhookHealth { WebhookId = webhookId };
            using IStoreRows rows = session.Query(SelectHealth, webhookId);
            if (rows.Read())
            {
                health.ConsecutiveServerErrors = (int)rows.Number(0)!;
                health.FailingSince = TimeOf(rows.Number(1));
                health.FailingFrom = TimeOf(rows.Number(2));
                health.TroubleSince = TimeOf(rows.Number(3));
                health.CertificateExpiresAt = TimeOf(rows.Number(4));
                health.CertificateReported = TimeOf(rows.Number(5));
            }

            _health.Add(webhookId, health);
        }

        return health;
    }

    /// <summary>Counts an attempt for the charts.</summary>
    /// <param name="latency">Milliseconds; null when the attempt says nothing about how long the endpoint takes.</param>
    public void Count(Guid webhookId, DateTimeOffset at, bool succeeded, int? latency)
    {
        (Guid, long) key = (webhookId, WebhookQuarter.Of(at));
        if (!_quarters.TryGetValue(key, out QuarterCounts? quarter))
        {
            _quarters.Add(key, quarter = new QuarterCounts(webhookId, key.Item2));
        }

        quarter.Add(succeeded, latency);
    }

    /// <summary>Remembers the event as the last one of its type, unless it is a test.</summary>
    public void Saw(WebhookEvent accepted)
    {
        if (!accepted.Test)
        {
            _lastEvents[(accepted.ProjectId, accepted.Type)] = accepted;
        }
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    /// <summary>Writes the gathered rows and the folded counters; the last thing before the commit.</summary>
    public void Flush(StoreSession session)
    {
        FlushRows(session);
        foreach (WebhookHealth health in _health.Values)
        {
            session.Execute(
                UpsertHealth,
                health.WebhookId,
                health.ConsecutiveServerErrors,
                health.FailingSince?.ToUnixTimeMilliseconds(),
                health.FailingFrom?.ToUnixTimeMilliseconds(),
                health.LastAttemptAt?.ToUnixTimeMilliseconds(),
                health.LastStatusCode,
                (int?)health.LastFailureClass,
                health.TroubleSince?.ToUnixTimeMilliseconds(),
                health.CertificateExpiresAt?.ToUnixTimeMilliseconds(),
                health.CertificateReported?.ToUnixTimeMilliseconds()
            );
        }

        foreach (QuarterCounts quarter in _quarters.Values)
        {
            quarter.Write(session);
        }

        // Two nodes that write the same types take their rows in the same order, so that they cannot deadlock.
        foreach (WebhookEvent last in _lastEvents.Values.OrderBy(e => e.ProjectId).ThenBy(e => e.Type, StringComparer.Ordinal))
        {
            session.Execute(UpsertLastEvent, last.ProjectId, last.Type, last.Id, last.CreatedAt.ToUnixTimeMilliseconds());
        }
    }
}
