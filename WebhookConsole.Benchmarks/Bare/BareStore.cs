using System.Collections.Concurrent;
using SQLitePCL;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>
/// The least that a durable queue stores: an event and its delivery before the post is answered, an attempt and the delivery's new status before its
/// slot is free. It has three tables with their keys, an index each for what is due, a webhook's deliveries and a delivery's attempts,
/// <c>synchronous=FULL</c>, and one thread, which commits everything that is waiting in one transaction. It has no headers, health, counters or
/// further indexes.
/// </summary>
internal sealed class BareStore : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16000;
        CREATE TABLE events (id BLOB PRIMARY KEY, type TEXT NOT NULL, payload BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE TABLE deliveries (id BLOB PRIMARY KEY, event_id BLOB NOT NULL, webhook_id BLOB NOT NULL, status INTEGER NOT NULL,
            created_at INTEGER NOT NULL, next_attempt_at INTEGER, completed_at INTEGER) STRICT;
        CREATE INDEX due ON deliveries (webhook_id, status, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        CREATE INDEX of_webhook ON deliveries (webhook_id, id);
        CREATE TABLE attempts (id BLOB PRIMARY KEY, delivery_id BLOB NOT NULL, started_at INTEGER NOT NULL, status_code INTEGER, signature BLOB NOT NULL) STRICT;
        CREATE INDEX of_delivery ON attempts (delivery_id);
        """;

    private static readonly byte[] s_webhook = Guid.CreateVersion7().ToByteArray(bigEndian: true);
    private static readonly byte[] s_signature = new byte[32];

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _addEvent;
    private readonly sqlite3_stmt _addDelivery;
    private readonly sqlite3_stmt _addAttempt;
    private readonly sqlite3_stmt _finish;
    private readonly ConcurrentQueue<(Action Write, TaskCompletionSource Done)> _waiting = new();
    private readonly ManualResetEventSlim _ready = new(false, spinCount: 10);
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="file">Path of the database, which must not exist.</param>
    public BareStore(string file)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(file, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null));
        Check(raw.sqlite3_exec(_database, Schema));
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _addEvent = Prepare("INSERT INTO events VALUES (?, 'order.created', ?, ?)");
        _addDelivery = Prepare("INSERT INTO deliveries VALUES (?, ?, ?, 0, ?, ?, NULL)");
        _addAttempt = Prepare("INSERT INTO attempts VALUES (?, ?, ?, 200, ?)");
        _finish = Prepare("UPDATE deliveries SET status = 2, next_attempt_at = NULL, completed_at = ? WHERE id = ? AND status = 0");
        _thread = new Thread(Run) { IsBackground = true, Name = "store" };
        _thread.Start();
    }

    /// <summary>When the task completes, an event for each delivery and the deliveries are on disk.</summary>
    public Task AddAsync(byte[][] deliveries, byte[] payload) => WriteAsync(() => Array.ForEach(deliveries, delivery => Add(delivery, payload)));

    /// <summary>When the task completes, the delivery has succeeded on disk.</summary>
    public Task FinishAsync(byte[] delivery) =>
        WriteAsync(() =>
        {
            raw.sqlite3_bind_blob(_addAttempt, 1, NewId());
            raw.sqlite3_bind_blob(_addAttempt, 2, delivery);
            raw.sqlite3_bind_int64(_addAttempt, 3, Now());
            raw.sqlite3_bind_blob(_addAttempt, 4, s_signature);
            Execute(_addAttempt);
            raw.sqlite3_bind_int64(_finish, 1, Now());
            raw.sqlite3_bind_blob(_finish, 2, delivery);
            Execute(_finish);
        });

    public static byte[] NewId() => Guid.CreateVersion7().ToByteArray(bigEndian: true);

    public void Dispose()
    {
        _stopping = true;
        _ready.Set();
        _thread.Join();
        _ready.Dispose();
        foreach (sqlite3_stmt statement in new[] { _begin, _commit, _addEvent, _addDelivery, _addAttempt, _finish })
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private void Add(byte[] delivery, byte[] payload)
    {
        byte[] id = NewId();
        long now = Now();
        raw.sqlite3_bind_blob(_addEvent, 1, id);
        raw.sqlite3_bind_blob(_addEvent, 2, payload);
        raw.sqlite3_bind_int64(_addEvent, 3, now);
        Execute(_addEvent);
        raw.sqlite3_bind_blob(_addDelivery, 1, delivery);
        raw.sqlite3_bind_blob(_addDelivery, 2, id);
        raw.sqlite3_bind_blob(_addDelivery, 3, s_webhook);
        raw.sqlite3_bind_int64(_addDelivery, 4, now);
        raw.sqlite3_bind_int64(_addDelivery, 5, now);
        Execute(_addDelivery);
    }

    private Task WriteAsync(Action write)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((write, done));
        if (!_ready.IsSet)
        {
            _ready.Set();
        }

        return done.Task;
    }

    private void Run()
    {
        List<TaskCompletionSource> batch = [];
        while (!_stopping)
        {
            _ready.Reset();
            if (_waiting.IsEmpty && !_stopping)
            {
                _ready.Wait();
            }

            Execute(_begin);
            while (_waiting.TryDequeue(out (Action Write, TaskCompletionSource Done) next))
            {
                next.Write();
                batch.Add(next.Done);
            }

            Execute(_commit);
            batch.ForEach(done => done.SetResult());
            batch.Clear();
        }
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out sqlite3_stmt statement));
        return statement;
    }

    // An error ends the child process, and with it the run.
    private static void Execute(sqlite3_stmt statement)
    {
        Check(raw.sqlite3_step(statement), raw.SQLITE_DONE);
        Check(raw.sqlite3_reset(statement));
    }

    private static void Check(int code, int expected = raw.SQLITE_OK)
    {
        if (code != expected)
        {
            throw new InvalidOperationException($"SQLite answered {code}.");
        }
    }
}
