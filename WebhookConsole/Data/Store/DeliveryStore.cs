using System.Collections.Concurrent;
using System.Data.Common;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The hot path: the queue's writes through one group-committing writer, and the lanes' reads. Everything is on disk when a
/// returned task completes. Throws <see cref="StoreUnavailableException"/> where the database cannot be written now.
/// </summary>
public sealed class DeliveryStore : IDisposable
{
    private const string SelectDue = """
        SELECT d.id, d.event_id, d.event_type, d.scheduled_attempts, d.next_attempt_at, e.payload
        FROM deliveries d JOIN events e ON e.id = d.event_id
        WHERE d.webhook_id = @p0 AND d.status = @p1 AND d.next_attempt_at <= @p2
        ORDER BY d.next_attempt_at LIMIT @p3
        """;

    private const string SelectNextDue = """
        SELECT MIN(next_attempt_at) FROM deliveries WHERE webhook_id = @p0 AND status = @p1 AND next_attempt_at IS NOT NULL
        """;

    private const string SelectWork = """
        SELECT w.id FROM webhooks w
        WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status = 0 AND d.next_attempt_at <= @p0)
           OR EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status = 1 AND d.next_attempt_at <= @p0)
           OR ((w.deleted_at IS NOT NULL OR w.enabled = @p1) AND EXISTS (
               SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status IN (0, 1) AND d.next_attempt_at IS NOT NULL))
           OR (w.deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status = 4 AND d.status > 2))
        """;

    private const string SelectLastAttempt = "SELECT last_attempt_at FROM webhook_health WHERE webhook_id = @p0";

    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(5);

    private readonly StoreDialect _dialect;
    private readonly GroupCommitWriter _writer;
    private readonly ConcurrentBag<StoreSession> _readers = [];

    public DeliveryStore(StoreDialect dialect)
    {
        _dialect = dialect;
        _writer = new GroupCommitWriter(dialect);
    }

    /// <summary>Accepts events: when the task completes they and their deliveries are on disk. One answer per event, in order.</summary>
    /// <exception cref="RuleException">Kind Unavailable: overload; nothing was accepted.</exception>
    public Task<StoredEvent[]> AddEventsAsync(IReadOnlyList<NewEvent> events) => _writer.SubmitOrRefuse(new AddEventsOperation(events));

    /// <summary>Keeps the result of an attempt. Takes no cancellation: a finished exchange must be recorded.</summary>
    public Task<RecordedAttempt> RecordAsync(AttemptResult result) => _writer.Submit(new RecordAttemptOperation(result));

    /// <summary>Keeps a finished test, with the audit entry of whoever asked for it.</summary>
    public Task RecordTestAsync(WebhookEvent testEvent, Delivery delivery, DeliveryAttempt attempt, AuditEntry? audit) =>
        _writer.Submit(new AddTestOperation(testEvent, delivery, attempt, audit));

    /// <summary>Moves all deliveries of a webhook that the move is for, in pages that never hold up the writer.</summary>
    /// <returns>How many moved.</returns>
    public async Task<int> MoveAsync(Guid webhookId, DeliveryMove move, string? reason, DateTimeOffset now)
    {
        int total = 0;
        int moved;
        do
        {
            moved = await _writer.Submit(new MoveDeliveriesOperation(webhookId, move, reason, now));
            total += moved;
        } while (moved >= MoveDeliveriesOperation.Page);
        return total;
    }

    /// <summary>
    /// Plans anew what a clock that was set back would keep waiting: first attempts become due, retries move back. A step that no
    /// process saw (<paramref name="back"/> zero) is told by a last attempt that lies ahead.
    /// </summary>
    public async Task ReplanAsync(Guid webhookId, DateTimeOffset now, TimeSpan back)
    {
        long at = now.ToUnixTimeMilliseconds();
        long by = Math.Max((long)back.TotalMilliseconds, (Read(session => session.Scalar(SelectLastAttempt, webhookId) as long?) ?? at) - at);
        for (long? after = at; after is { } from; )
        {
            after = await _writer.Submit(new ReplanOperation(webhookId, at, from, by));
        }
    }

    /// <summary>Completes when the database takes a write transaction and has refused none in the last seconds.</summary>
    /// <exception cref="StoreUnavailableException">It does not, or has.</exception>
    public async Task ProbeAsync()
    {
        await _writer.Submit(new ProbeOperation());

        // On a full disk the log file may have room for the small write of a probe and for nothing else.
        if (_writer.FailureWithin(s_memory) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Due deliveries of a webhook in one status (pending: first attempts; retrying: the rest), oldest first.</summary>
    public List<DueDelivery> ReadDue(Guid webhookId, DeliveryStatus status, DateTimeOffset now, int limit)
    {
        return Read(session =>
        {
            List<DueDelivery> due = [];
            using DbDataReader reader = session.Query(SelectDue, webhookId, (int)status, now.ToUnixTimeMilliseconds(), limit);
            while (reader.Read())
            {
                due.Add(
                    new DueDelivery(
                        session.Dialect.ReadId(reader, 0),
                        session.Dialect.ReadId(reader, 1),
                        reader.GetString(2),
                        reader.GetInt32(3),
                        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
                        reader.GetFieldValue<byte[]>(5)
                    )
                );
            }

            return due;
        });
    }

    /// <summary>When the earliest planned attempt of a webhook is due; null when none is planned.</summary>
    public DateTimeOffset? NextDue(Guid webhookId)
    {
        return Read(session =>
        {
            long? first = session.Scalar(SelectNextDue, webhookId, (int)DeliveryStatus.Pending) as long?;
            long? retry = session.Scalar(SelectNextDue, webhookId, (int)DeliveryStatus.Retrying) as long?;
            long? next =
                first is null ? retry
                : retry is null ? first
                : Math.Min(first.Value, retry.Value);
            return next is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null;
        });
    }

    /// <summary>Webhooks with something for their lane to do now.</summary>
    public List<Guid> WebhooksWithWork(DateTimeOffset now)
    {
        return Read(session =>
        {
            List<Guid> ids = [];
            using DbDataReader reader = session.Query(SelectWork, now.ToUnixTimeMilliseconds(), false);
            while (reader.Read())
            {
                ids.Add(session.Dialect.ReadId(reader, 0));
            }

            return ids;
        });
    }

    /// <summary>Commits what is queued and closes the connections.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        while (_readers.TryTake(out StoreSession? session))
        {
            session.Dispose();
        }
    }

    private T Read<T>(Func<StoreSession, T> query)
    {
        StoreSession session = _readers.TryTake(out StoreSession? free) ? free : new StoreSession(_dialect);
        bool clean = false;
        try
        {
            T result = query(session);
            clean = true;
            return result;
        }
        finally
        {
            if (clean)
            {
                _readers.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }
}
