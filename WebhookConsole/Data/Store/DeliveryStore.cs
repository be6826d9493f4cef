using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The hot path: the queue's writes through one group-committing writer, and the lanes' reads. Everything is on disk when a
/// returned task completes. Throws <see cref="StoreUnavailableException"/> when the database cannot be written.
/// </summary>
public sealed partial class DeliveryStore : IDisposable
{
    private const string SelectDue = """
        SELECT d.id, d.event_id, d.event_type, d.scheduled_attempts, e.payload, d.completed_at, d.recovery_id IS NOT NULL, d.recovery_id, COALESCE(e.trace_parent, '')
        FROM deliveries d JOIN events e ON e.id = d.event_id
        WHERE d.webhook_id = @p0 AND d.status = @p1 AND d.next_attempt_at <= @p2
        ORDER BY d.next_attempt_at LIMIT @p3
        """;

    private const string SelectNextDue = """
        SELECT MIN(next_attempt_at) FROM deliveries WHERE webhook_id = @p0 AND status = @p1 AND next_attempt_at IS NOT NULL
        """;

    private static readonly string s_selectWork = $"""
        SELECT w.id FROM webhooks w
        WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status = {StatusSql.Pending} AND d.next_attempt_at <= @p0)
           OR EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status = {StatusSql.Retrying} AND d.next_attempt_at <= @p0)
           OR ((w.deleted_at IS NOT NULL OR w.enabled = @p1) AND EXISTS (
               SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND d.status IN ({StatusSql.Planned}) AND d.next_attempt_at IS NOT NULL))
           OR (w.deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_id = w.id AND {StatusSql.HeldByIndex}))
        """;

    // Finished means succeeded, failed or cancelled. The order is by key, so that each page continues where the last one ended.
    internal static readonly string SelectRemovableDeliveries = $"""
        SELECT id FROM deliveries WHERE id > @p0 AND id < @p1 AND {StatusSql.Finished} ORDER BY id LIMIT @p2
        """;

    internal const string SelectRemovableEvents = """
        SELECT e.id FROM events e WHERE e.id > @p0 AND e.id < @p1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id)
        ORDER BY e.id LIMIT @p2
        """;

    private const string SelectOnTheirWay = "SELECT webhook_id, COUNT(*) FROM deliveries WHERE recovery_id = @p0 GROUP BY webhook_id";
    private const string SelectRecoveriesOnTheirWay = "SELECT DISTINCT recovery_id FROM deliveries WHERE recovery_id IS NOT NULL";
    private const string SelectNewest = "SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET @p0";
    private const string SelectNewestAttempt = "SELECT id FROM attempts ORDER BY id DESC LIMIT 1";

    // Reads take a fraction of a millisecond, and a server has few connections to spare.
    internal const int MaxReaders = 16;
    private const int MaxCharts = 4;

    private readonly StoreDialect _dialect;
    private readonly GroupCommitWriter _writer;

    // Where transactions run side by side, events are written while results wait for the disk, and the other way round.
    private readonly GroupCommitWriter _intake;
    private readonly SessionPool _readers;

    // Charts may take longer, and lanes must not wait for them.
    private readonly SessionPool _charts;
    private readonly PayloadCache _payloads = new();

    public DeliveryStore(StoreDialect dialect, EngineMetrics metrics)
    {
        _dialect = dialect;
        _writer = new GroupCommitWriter(dialect, metrics);
        _readers = new SessionPool(dialect, () => dialect.OpenSession(writer: false), MaxReaders);
        _charts = new SessionPool(dialect, () => dialect.OpenSession(writer: false), MaxCharts);
        _intake = dialect.WritesSideBySide ? new GroupCommitWriter(dialect, metrics) : _writer;
    }

    /// <summary>Accepts events: when the task completes, they and their deliveries are on disk. One answer per event, in order.</summary>
    /// <exception cref="RuleException">Kind Unavailable: overload; nothing was accepted.</exception>
    public Task<StoredEvent[]> AddEventsAsync(IReadOnlyList<NewEvent> events) => _intake.SubmitOrRefuse(new AddEventsOperation(events));

    /// <summary>Records the result of an attempt. It cannot be cancelled: a finished exchange must be recorded.</summary>
    /// <param name="result">What to keep.</param>
    /// <param name="continueOnWriter">
    /// True when what the caller does next is short and never waits: it then runs on the writer's thread, which saves one thread switch per
    /// attempt.
    /// </param>
    public Task<RecordedAttempt> RecordAsync(AttemptResult result, bool continueOnWriter = false) =>
        _writer.Submit(new RecordAttemptOperation(result, continueOnWriter));

    /// <summary>Stores a request that an inbox received, takes the next step of its answers, and keeps only the newest <paramref name="keep"/>.</summary>
    /// <param name="refusal">The status that the request was refused with, which takes no step; null for the next answer.</param>
    /// <returns>The answer; null when the inbox is gone, and then nothing was stored.</returns>
    public Task<AnswerStep?> AddInboxRequestAsync(InboxRequest request, int keep, int? refusal = null) =>
        _writer.Submit(new AddInboxRequestOperation(request, keep, refusal));

    /// <summary>Records that an API token was used.</summary>
    /// <param name="first">Written to the audit log if it had never been used; null where this is known to be otherwise.</param>
    public Task TouchTokenAsync(Guid tokenId, DateTimeOffset at, AuditEntry? first = null) => _writer.Submit(new TouchTokenOperation(tokenId, at, first));

    /// <summary>Moves all deliveries of a webhook to which the move applies, in pages that never block the writer for long.</summary>
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

    /// <summary>Moves everything that a plan is about, in pages, and removes the plan.</summary>
    /// <returns>How many moved.</returns>
    public async Task<int> FinishAsync(HeldPlan plan, DateTimeOffset now)
    {
        int total = 0;
        int moved;
        do
        {
            moved = await _writer.Submit(new HeldPlanOperation(plan, now));
            total += moved;
        } while (moved >= HeldPlanOperation.Page);
        return total;
    }

    /// <summary>
    /// Replans what would wait too long after a clock was set back: first attempts become due, retries move back. A step that no
    /// process saw to its end (<paramref name="back"/> is zero) shows as attempts that began in the future.
    /// </summary>
    public async Task ReplanAsync(Guid webhookId, DateTimeOffset now, TimeSpan back)
    {
        long at = now.ToUnixTimeMilliseconds();
        long? by =
            back > TimeSpan.Zero ? (long)back.TotalMilliseconds
            : ReadIds(SelectNewestAttempt) is [Guid newest] && Ids.TimeOf(newest) > now ? 0
            : null;
        for (long? after = at; after is { } from; )
        {
            after = await _writer.Submit(new ReplanOperation(webhookId, at, from, by));
        }
    }

    /// <summary>What a part of a recovery may send next, in order.</summary>
    /// <param name="limit">How many at most.</param>
    public RecoverablePage ReadRecoverable(Recovery recovery, RecoveryPart part, int limit) =>
        Read(session => RecoverableSearch.Read(session, recovery, part, limit));

    /// <summary>Makes them due, unless the recovery has been paused or cancelled since.</summary>
    /// <returns>How many became due.</returns>
    public Task<int> PlanRecoveryAsync(RecoverablePage page, DateTimeOffset now) => _writer.Submit(new PlanRecoveryOperation(page, now));

    /// <summary>Makes the deliveries that a recovery has planned failed or held again, as they were.</summary>
    public async Task GiveBackAsync(Guid recoveryId)
    {
        while (await _writer.Submit(new GiveBackOperation(recoveryId)) >= GiveBackOperation.Page)
        {
            // The next page.
        }
    }

    /// <summary>Recoveries with deliveries on their way.</summary>
    public List<Guid> RecoveriesOnTheirWay() => ReadIds(SelectRecoveriesOnTheirWay);

    /// <summary>How many deliveries of a recovery are on their way, by webhook.</summary>
    public Dictionary<Guid, int> CountOnTheirWay(Guid recoveryId) =>
        Read(session =>
        {
            Dictionary<Guid, int> counts = [];
            using IStoreRows rows = session.Query(SelectOnTheirWay, recoveryId);
            while (rows.Read())
            {
                counts[rows.Id(0)] = (int)rows.Number(1)!;
            }

            return counts;
        });

    /// <summary>Completes when the database has accepted a write.</summary>
    /// <exception cref="StoreUnavailableException">It has not.</exception>
    public async Task ProbeAsync()
    {
        await ProbeAsync(_writer);
        if (_intake != _writer)
        {
            await ProbeAsync(_intake);
        }
    }

    /// <summary>False from a write that the database refused until one that it took. The database is not asked; <see cref="ProbeAsync"/> asks it.</summary>
    public bool TakesWrites => _writer.LastFailure is null && _intake.LastFailure is null;

    /// <summary>Due deliveries of a webhook in one status (pending: first attempts; retrying: the rest), oldest first.</summary>
    /// <param name="webhookId">The webhook of the lane.</param>
    /// <param name="status">Pending or retrying.</param>
    /// <param name="now">Deliveries due by then are read.</param>
    /// <param name="page">How many to read at most.</param>
    /// <param name="known">How many of the due deliveries the caller already has.</param>
    /// <param name="maxBytes">Ends the page after this many bytes of payloads.</param>
    /// <param name="isKnown">True for one that the caller already has; its payload is not read.</param>
    /// <returns>The page, and whether there may be more.</returns>
    public (List<DueDelivery> Due, bool More) ReadDue(
        Guid webhookId,
        DeliveryStatus status,
        DateTimeOffset now,
        int page,
        int known,
        int maxBytes,
        Func<Guid, bool> isKnown
    )
    {
        return Read(session =>
        {
            List<DueDelivery> due = [];
            int left = page + known;
            int bytes = 0;
            using IStoreRows rows = session.Query(SelectDue, webhookId, (int)status, now.ToUnixTimeMilliseconds(), left);
            while (rows.Read())
            {
                left--;
                Guid id = rows.Id(0);
                if (isKnown(id))
                {
                    continue;
                }

                Guid eventId = rows.Id(1);
                byte[] payload = PayloadOf(eventId, rows);
                DueRecovery? recovery = rows.Number(6) == 1 ? new DueRecovery(rows.Id(7), WasFailed: rows.Number(5) is not null) : null;
                due.Add(
                    new DueDelivery(id, eventId, rows.Text(2), (int)rows.Number(3)!, payload)
                    {
                        Recovery = recovery,
                        PostedBy = rows.Text(8) is { Length: > 0 } postedBy ? postedBy : null,
                    }
                );
                bytes += payload.Length;
                if (due.Count == page || bytes >= maxBytes)
                {
                    return (due, true);
                }
            }

            return (due, left == 0);
        });
    }

    /// <summary>When the earliest planned attempt of a webhook is due; null when none is planned.</summary>
    public DateTimeOffset? NextDue(Guid webhookId)
    {
        return Read(session =>
        {
            long? first = session.Number(SelectNextDue, webhookId, (int)DeliveryStatus.Pending);
            long? retry = session.Number(SelectNextDue, webhookId, (int)DeliveryStatus.Retrying);
            long? next =
                first is null ? retry
                : retry is null ? first
                : Math.Min(first.Value, retry.Value);
            return next is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null;
        });
    }

    /// <summary>Webhooks whose lane has something to do now.</summary>
    public List<Guid> WebhooksWithWork(DateTimeOffset now) => ReadIds(s_selectWork, now.ToUnixTimeMilliseconds(), false);

    /// <summary>Finished deliveries made between two ids, oldest first.</summary>
    public List<Guid> ReadRemovableDeliveries(Guid after, Guid before, int limit) => ReadIds(SelectRemovableDeliveries, after, before, limit);

    /// <summary>Events made between two ids that have no delivery (any more), oldest first.</summary>
    public List<Guid> ReadRemovableEvents(Guid after, Guid before, int limit) => ReadIds(SelectRemovableEvents, after, before, limit);

    /// <summary>Id of the delivery that exactly <paramref name="newer"/> are newer than; null when there are fewer deliveries.</summary>
    public Guid? FindDelivery(int newer) => ReadIds(SelectNewest, newer) is [Guid id] ? id : null;

    /// <summary>Removes the deliveries that are still finished, with their attempts, and the events that still have no delivery.</summary>
    /// <returns>How many deliveries and events were removed.</returns>
    public Task<int> RemoveAsync(IReadOnlyList<Guid> deliveries, IReadOnlyList<Guid> events) => _writer.Submit(new RemoveOperation(deliveries, events));

    /// <summary>Removes a page of heads that no attempt refers to any more.</summary>
    /// <param name="kept">How far back attempts are kept; it decides where there is none.</param>
    /// <returns>True when there may be more.</returns>
    public async Task<bool> RemoveHeadsAsync(DateTimeOffset kept)
    {
        DateTimeOffset oldest = ReadIds(RemoveHeadsOperation.SelectOldest) is [Guid id] ? Ids.TimeOf(id) : kept;

        // If the clock of this node, or of the one that made the oldest attempt, is ahead, other nodes still use what looks old by that clock.
        if (_dialect.SelectTime is { } ask && DateTimeOffset.FromUnixTimeMilliseconds(Read(session => session.Number(ask))!.Value) is var now && now < oldest)
        {
            oldest = now;
        }

        return await _writer.Submit(new RemoveHeadsOperation(oldest)) == RemoveHeadsOperation.Page;
    }

    /// <summary>Commits what is queued and closes the connections.</summary>
    public void Dispose()
    {
        if (_intake != _writer)
        {
            _intake.Dispose();
        }

        _writer.Dispose();
        _readers.Dispose();
        _charts.Dispose();
    }

    private async Task ProbeAsync(GroupCommitWriter writer)
    {
        await writer.Submit(new ProbeOperation());

        // On a full disk the log file may have room for a probe's small write but for nothing else.
        if (writer.LastFailure is { } failure)
        {
            if (!_dialect.HasRoom)
            {
                throw failure;
            }

            writer.Forget(failure);
        }
    }

    private byte[] PayloadOf(Guid eventId, IStoreRows rows)
    {
        if (_payloads.Find(eventId) is { } known)
        {
            return known;
        }

        byte[] payload = rows.Bytes(4);
        LargePayloads.Count(payload);
        _payloads.Add(eventId, payload);
        return payload;
    }

    private List<Guid> ReadIds(string sql, params StoreValue[] values) =>
        Read(session =>
        {
            List<Guid> ids = [];
            using IStoreRows rows = session.Query(sql, values);
            while (rows.Read())
            {
                ids.Add(rows.Id(0));
            }

            return ids;
        });

    private T Read<T>(Func<StoreSession, T> query) => _readers.Use(query);
}
