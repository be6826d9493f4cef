using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using static WebhookConsole.Data.Store.StoreValueKind;

namespace WebhookConsole.Data.Store;

/// <summary>
/// What the operations of one transaction share: new rows and changes of one kind are gathered and written many at a time; health is read once, and
/// it and the counters for charts are folded in memory and written once per webhook, however many attempts the batch holds.
/// </summary>
internal sealed class BatchState
{
    private static readonly LockedRows s_lockHealth = new(
        "webhook_health",
        "webhook_id",
        "consecutive_server_errors, failing_since, failing_from, trouble_since, certificate_expires_at, certificate_reported",
        ("consecutive_server_errors", "0")
    );

    private static readonly RowInsert s_health = new(
        """
        webhook_health (webhook_id, consecutive_server_errors, failing_since, failing_from, last_attempt_at, last_status_code,
            last_failure_class, trouble_since, certificate_expires_at, certificate_reported)
        """,
        [Id, Integer, Integer, Integer, Integer, Integer, Integer, Integer, Integer, Integer],
        """
        ON CONFLICT (webhook_id) DO UPDATE SET consecutive_server_errors = excluded.consecutive_server_errors, failing_since = excluded.failing_since,
            failing_from = excluded.failing_from, last_attempt_at = excluded.last_attempt_at, last_status_code = excluded.last_status_code,
            last_failure_class = excluded.last_failure_class, trouble_since = excluded.trouble_since,
            certificate_expires_at = excluded.certificate_expires_at, certificate_reported = excluded.certificate_reported
        """
    );

    private static readonly RowInsert s_lastEvents = new(
        "event_type_activity (project_id, name, last_event_id, last_event_at)",
        [Id, Text, Id, Integer],
        "ON CONFLICT (project_id, name) DO UPDATE SET last_event_id = excluded.last_event_id, last_event_at = excluded.last_event_at"
    );

    private static readonly RowInsert s_events = new(
        "events (id, project_id, type, trace_parent, payload, client_id, test, created_at)",
        [Id, Id, Text, Text, Bytes, Text, StoreValueKind.Boolean, Integer]
    );

    private static readonly RowInsert s_deliveries = new(
        "deliveries (id, project_id, event_id, webhook_id, event_type, status, test, created_at, next_attempt_at, attempt_count, scheduled_attempts, status_reason)",
        [Id, Id, Id, Id, Text, Integer, StoreValueKind.Boolean, Integer, Integer, Integer, Integer, Text]
    );

    private static readonly RowInsert s_attempts = new(
        """
        attempts (id, delivery_id, number, "trigger", started_at, duration_ms, remote_address, status_code, failure_class, failure_kind,
            error_detail, request_head, request, response_head, response, response_body)
        """,
        [Id, Id, Integer, Integer, Integer, Integer, Text, Integer, Integer, Integer, Text, Id, Bytes, Id, Bytes, Bytes]
    );

    private readonly AttemptHeads _heads = new();
    private readonly Dictionary<Guid, WebhookHealth> _health = [];
    private readonly HashSet<Guid> _healthWanted = [];
    private readonly Dictionary<(Guid Webhook, long Quarter), QuarterCounts> _quarters = [];
    private readonly Dictionary<(Guid Project, string Type), WebhookEvent> _lastEvents = [];
    private readonly Dictionary<RowChange, ChangeBuffer> _changes = [];
    private List<WriteOperation> _started = [];

    public RowBuffer Events { get; } = new(s_events);

    public RowBuffer Deliveries { get; } = new(s_deliveries);

    public RowBuffer Attempts { get; } = new(s_attempts);

    /// <summary>Runs an operation, or begins it where its changes are made together with those of others.</summary>
    public void Run(StoreSession session, WriteOperation operation)
    {
        operation.Execute(session, this);
        if (!session.Gathers)
        {
            operation.Complete(session, this);
        }
        else
        {
            _started.Add(operation);
        }
    }

    /// <summary>Makes a change together with others of its kind, at the latest at the end of the transaction.</summary>
    /// <param name="changer">Is told what has become of it.</param>
    /// <param name="tag">Is given back to the changer.</param>
    /// <param name="row">The values, beginning with the key.</param>
    public void Change(StoreSession session, RowChange change, IRowChanger changer, int tag, params ReadOnlySpan<StoreValue> row)
    {
        if (!_changes.TryGetValue(change, out ChangeBuffer? buffer))
        {
            _changes.Add(change, buffer = new ChangeBuffer(change));
        }

        buffer.Add(session, this, changer, tag, row);
    }

    /// <summary>Ends what has begun and writes the gathered rows, for an operation that has to find them.</summary>
    public void FlushRows(StoreSession session)
    {
        // One change may lead to another.
        while (_changes.Values.FirstOrDefault(c => !c.IsEmpty) is { } waiting)
        {
            waiting.Settle(session, this);
        }

        List<WriteOperation> started = _started;
        _started = [];
        foreach (WriteOperation operation in started)
        {
            operation.Complete(session, this);
        }

        Events.Flush(session);
        Deliveries.Flush(session);
        Attempts.Flush(session);
    }

    /// <summary>Makes sure that a head is stored before the transaction that refers to it ends.</summary>
    /// <param name="head">The head; null when there is nothing to store.</param>
    /// <param name="startedAt">Start of the attempt that refers to it.</param>
    public void Refer(StoreSession session, AttemptHead? head, DateTimeOffset startedAt) => _heads.Refer(session, head, startedAt);

    /// <summary>Says that the operation will ask for the health of a webhook, so that it is read together with others.</summary>
    public void WantHealth(Guid webhookId) => _healthWanted.Add(webhookId);

    /// <summary>The health of a webhook, which no other writer changes until the transaction ends.</summary>
    public WebhookHealth Health(StoreSession session, Guid webhookId)
    {
        if (_health.TryGetValue(webhookId, out WebhookHealth? health))
        {
            return health;
        }

        _healthWanted.Add(webhookId);
        _healthWanted.ExceptWith(_health.Keys);
        foreach (Guid wanted in _healthWanted)
        {
            _health.Add(wanted, new WebhookHealth { WebhookId = wanted });
        }

        session.ReadLocked(s_lockHealth, _healthWanted, ReadHealth);
        _healthWanted.Clear();
        return _health[webhookId];
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

    /// <summary>
    /// Writes the gathered rows and the folded counters; the last thing before the commit. Two nodes that write the same rows take them in the same
    /// order, so that they cannot wait for each other.
    /// </summary>
    public void Flush(StoreSession session)
    {
        FlushRows(session);
        _heads.Write(session);
        RowBuffer health = new(s_health);
        foreach (WebhookHealth h in _health.Values.OrderBy(h => h.WebhookId))
        {
            health.Add(
                session,
                h.WebhookId,
                h.ConsecutiveServerErrors,
                h.FailingSince?.ToUnixTimeMilliseconds(),
                h.FailingFrom?.ToUnixTimeMilliseconds(),
                h.LastAttemptAt?.ToUnixTimeMilliseconds(),
                h.LastStatusCode,
                (int?)h.LastFailureClass,
                h.TroubleSince?.ToUnixTimeMilliseconds(),
                h.CertificateExpiresAt?.ToUnixTimeMilliseconds(),
                h.CertificateReported?.ToUnixTimeMilliseconds()
            );
        }

        health.Flush(session);
        RowBuffer quarters = new(QuarterCounts.Upsert);
        foreach (QuarterCounts quarter in _quarters.OrderBy(q => q.Key).Select(q => q.Value))
        {
            quarter.Write(session, quarters);
        }

        quarters.Flush(session);
        RowBuffer lastEvents = new(s_lastEvents);
        foreach (WebhookEvent last in _lastEvents.Values.OrderBy(e => e.ProjectId).ThenBy(e => e.Type, StringComparer.Ordinal))
        {
            lastEvents.Add(session, last.ProjectId, last.Type, last.Id, last.CreatedAt.ToUnixTimeMilliseconds());
        }

        lastEvents.Flush(session);
    }

    private void ReadHealth(IStoreRows row)
    {
        WebhookHealth health = _health[row.Id(0)];
        health.ConsecutiveServerErrors = (int)row.Number(1)!;
        health.FailingSince = TimeOf(row.Number(2));
        health.FailingFrom = TimeOf(row.Number(3));
        health.TroubleSince = TimeOf(row.Number(4));
        health.CertificateExpiresAt = TimeOf(row.Number(5));
        health.CertificateReported = TimeOf(row.Number(6));
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
