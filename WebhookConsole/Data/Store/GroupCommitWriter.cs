using System.Collections.Concurrent;
using System.Diagnostics;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Data.Store;

/// <summary>
/// A writer of the hot path, with one thread. It commits everything that waits in one transaction: no added delay when idle, bigger batches when busy.
/// Results of attempts go first, because slots wait for them, and a transaction ends after some milliseconds, so that a flood of
/// events does not hold them up. An operation that fails is tried alone, so that no other one fails with it; a database that cannot be
/// written fails the whole batch, and the next batch opens a new connection.
/// </summary>
internal sealed class GroupCommitWriter : IDisposable
{
    private const int MaxBatchWeight = 4_000;
    private const int MaxQueuedWeight = 100_000;

    // A transaction up to this weight sends its commit along with its statements: one round trip less for what comes alone.
    private const int Small = 32;

    // Of two transactions that wait for each other, the database lets one through, so the second try nearly always succeeds.
    private const int MaxTries = 5;
    private const string Commits = "COMMIT";

    // The health and the counters of each webhook are written once per transaction, so longer ones cost less; but what comes next waits for them.
    private static readonly TimeSpan s_transaction = TimeSpan.FromMilliseconds(25);

    private readonly StoreDialect _dialect;
    private readonly EngineMetrics _metrics;
    private readonly ConcurrentQueue<WriteOperation> _results = new();
    private readonly ConcurrentQueue<WriteOperation> _changes = new();
    private readonly ManualResetEventSlim _ready = new(false, spinCount: 10);
    private readonly Thread _thread;
    private StoreSession? _session;
    private TimeSpan _lastCommit;
    private TimeSpan _pace;
    private int _queuedWeight;
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile StoreUnavailableException? _lastFailure;

    public GroupCommitWriter(StoreDialect dialect, EngineMetrics metrics)
    {
        _dialect = dialect;
        _metrics = metrics;

        // The writer has its own thread: database calls block, and a pool thread must not wait for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "group-commit" };
        _thread.Start();
    }

    /// <summary>Queues a change whose loss the caller can report (an event that has not been accepted yet).</summary>
    /// <exception cref="RuleException">Kind Unavailable: too much is waiting already.</exception>
    public Task<T> SubmitOrRefuse<T>(WriteOperation<T> operation) =>
        Volatile.Read(ref _queuedWeight) < MaxQueuedWeight
            ? Submit(operation)
            : throw RuleException.Unavailable("Events arrive faster than the disk takes them. Nothing was accepted; try again in a second.");

    /// <summary>Queues a change that must not be refused (the result of an attempt).</summary>
    public Task<T> Submit<T>(WriteOperation<T> operation)
    {
        UnitOfWork.DemandOutside();
        Interlocked.Add(ref _queuedWeight, operation.Weight);
        (operation.IsResult ? _results : _changes).Enqueue(operation);
        if (!_ready.IsSet)
        {
            _ready.Set();
        }

        if (_ended)
        {
            RefuseRest();
        }

        return operation.Completion;
    }

    /// <summary>Why the last write failed; null once a write that is not a probe has succeeded.</summary>
    public StoreUnavailableException? LastFailure => _lastFailure;

    /// <summary>Drops a failure that a probe has shown to be over, unless there is a newer one.</summary>
    public void Forget(StoreUnavailableException failure) => Interlocked.CompareExchange(ref _lastFailure, null, failure);

    /// <summary>Finishes what is queued, then stops.</summary>
    public void Dispose()
    {
        _stopping = true;
        _ready.Set();
        _thread.Join();
        _ready.Dispose();
    }

    private void Run()
    {
        List<WriteOperation> batch = [];
        while (WaitForWork())
        {
            Commit(batch);
            Interlocked.Add(ref _queuedWeight, -batch.Sum(o => o.Weight));
            batch.Clear();
        }

        _session?.Dispose();
        _ended = true;
        RefuseRest();
    }

    // Returns false when everything is written and nothing more will come.
    private bool WaitForWork()
    {
        while (_results.IsEmpty && _changes.IsEmpty)
        {
            if (_stopping)
            {
                return false;
            }

            // An operation added after this line sets it again; the next line sees one that was added before.
            _ready.Reset();
            if (_results.IsEmpty && _changes.IsEmpty && !_stopping)
            {
                _ready.Wait();
            }
        }

        return true;
    }

    private void RefuseRest()
    {
        while (_results.TryDequeue(out WriteOperation? operation) || _changes.TryDequeue(out operation))
        {
            operation.Failed(RuleException.Unavailable("The application is stopping. Nothing was accepted; try again in a few seconds."));
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        Exception? failure = TryCommit(batch, Waiting(batch));
        for (int tries = 1; tries < MaxTries && failure is not null && _dialect.IsConflict(failure); tries++)
        {
            failure = TryCommit(batch, batch);
        }

        if (failure is null)
        {
            return;
        }

        if (batch.Count <= 1 || _dialect.IsUnavailable(failure))
        {
            // If not even a transaction could begin, the waiting operations must still be told.
            FailAll(batch.Count > 0 ? batch : [.. Waiting(batch)], failure);
            return;
        }

        foreach (WriteOperation operation in batch)
        {
            List<WriteOperation> alone = [operation];
            if (TryCommit(alone, alone) is { } own)
            {
                FailAll(alone, own);
            }
        }
    }

    // Yields what goes into the transaction and adds it to the batch: results first, at least one other change, until the
    // transaction is long enough. Where commits are slow, longer transactions pay off.
    private IEnumerable<WriteOperation> Waiting(List<WriteOperation> batch)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = _lastCommit * 2 > s_transaction ? _lastCommit * 2 : s_transaction;
        int weight = 0;
        bool changed = false;
        while (weight < MaxBatchWeight)
        {
            bool over = weight > 0 && (Stopwatch.GetElapsedTime(started) > limit || (weight > Small && weight * _pace > limit));
            WriteOperation? operation = null;
            if ((over || !_results.TryDequeue(out operation)) && (over && changed || !_changes.TryDequeue(out operation)))
            {
                yield break;
            }

            changed |= !operation.IsResult;
            weight += operation.Weight;
            batch.Add(operation);
            yield return operation;
        }
    }

    private Exception? TryCommit(List<WriteOperation> batch, IEnumerable<WriteOperation> operations)
    {
        if (Write(operations) is { } failure)
        {
            return failure;
        }

        if (batch.Exists(o => o is not ProbeOperation))
        {
            _lastFailure = null;
        }

        _metrics.Committed(_lastCommit, batch.Count);
        foreach (WriteOperation operation in batch)
        {
            operation.Committed();
        }

        return null;
    }

    // Where the statements of a transaction wait to be sent together, their time shows only at its end; so it is estimated from earlier ones. Every
    // transaction above the small size corrects the estimate, and none is ended below that size, so one that had to wait for a lock is soon
    // forgotten.
    private void Learn(TimeSpan took, int weight) => _pace = ((_pace * 7) + (took / weight)) / 8;

    private Exception? Write(IEnumerable<WriteOperation> operations)
    {
        IDisposable? turn = null;
        try
        {
            turn = _dialect.TakeTurn();
            StoreSession session = _session ??= _dialect.OpenSession(writer: true);
            long began = Stopwatch.GetTimestamp();
            int weight = 0;
            session.Send(_dialect.BeginWrite);
            BatchState state = new();
            foreach (WriteOperation operation in operations)
            {
                state.Run(session, operation);
                weight += operation.Weight;
            }

            state.Flush(session);
            if (session.Gathers && weight > Small)
            {
                session.Flush();
                Learn(Stopwatch.GetElapsedTime(began), weight);
            }

            long started = Stopwatch.GetTimestamp();
            session.Execute(Commits);
            _lastCommit = Stopwatch.GetElapsedTime(started);
            return null;
        }
        // The callers get whatever went wrong; the writer itself must go on.
        catch (Exception exception)
        {
            // Only a new connection is certain to be clean.
            _session?.Dispose();
            _session = null;
            return exception;
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private void FailAll(List<WriteOperation> batch, Exception exception)
    {
        Exception reported = exception;
        if (_dialect.IsUnavailable(exception))
        {
            StoreUnavailableException unavailable = new(exception);
            reported = unavailable;
            _lastFailure = unavailable;
        }

        foreach (WriteOperation operation in batch)
        {
            operation.Failed(reported);
        }
    }
}
