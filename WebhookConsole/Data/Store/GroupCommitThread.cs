using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Data.Store;

/// <summary>
/// One thread of the writer. It commits everything that waits in one transaction: no added delay when idle, bigger batches when busy.
/// Results of attempts go first, because slots wait for them, and a transaction ends after a few milliseconds, so that a flood of
/// events does not hold them up. An operation that fails is tried alone, so that no other one fails with it; a database that cannot be
/// written fails the whole batch, and the next batch opens a new connection.
/// </summary>
internal sealed class GroupCommitThread : IDisposable
{
    private const int MaxBatchWeight = 4_000;

    // A transaction up to this weight sends its commit along with its statements: one round trip less for what comes alone.
    private const int Small = 32;

    // Of two transactions that wait for each other, the database lets one through, so the second try nearly always succeeds.
    private const int MaxTries = 5;
    private const string Commits = "COMMIT";
    private static readonly TimeSpan s_transaction = TimeSpan.FromMilliseconds(5);

    private readonly GroupCommitWriter _writer;
    private readonly StoreDialect _dialect;
    private readonly EngineMetrics _metrics;
    private readonly bool _resultsOnly;
    private readonly ManualResetEventSlim _ready = new(false, spinCount: 10);
    private readonly Thread _thread;
    private StoreSession? _session;
    private TimeSpan _lastCommit;
    private TimeSpan _pace;
    private volatile bool _stopping;

    /// <param name="writer">Has what waits to be written.</param>
    /// <param name="resultsOnly">Leaves everything but results of attempts to another thread, which keeps its order.</param>
    public GroupCommitThread(GroupCommitWriter writer, StoreDialect dialect, EngineMetrics metrics, bool resultsOnly)
    {
        _writer = writer;
        _resultsOnly = resultsOnly;
        _dialect = dialect;
        _metrics = metrics;

        // Database calls block, and a pool thread must not wait for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "group-commit" };
        _thread.Start();
    }

    /// <summary>Makes it look for what has just been queued.</summary>
    /// <returns>False when it is busy, and looks again before it rests, or when this is not for it.</returns>
    public bool Wake(WriteOperation operation)
    {
        if (_ready.IsSet || (_resultsOnly && !operation.IsResult))
        {
            return false;
        }

        _ready.Set();
        return true;
    }

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
        while (WaitForWork() is { } first)
        {
            Commit(first, batch);
            _writer.Done(batch.Sum(o => o.Weight));
            batch.Clear();
        }

        _session?.Dispose();
    }

    // Returns null when everything is written and nothing more will come.
    private WriteOperation? WaitForWork()
    {
        WriteOperation? first;
        while (!TryTake(out first) && !_stopping)
        {
            // An operation added after this line sets it again; the next line sees one that was added before.
            _ready.Reset();
            if (!_writer.Has(_resultsOnly) && !_stopping)
            {
                _ready.Wait();
            }
        }

        return first;
    }

    private void Commit(WriteOperation first, List<WriteOperation> batch)
    {
        Exception? failure = TryCommit(batch, Waiting(first, batch));
        for (int tries = 1; tries < MaxTries && batch.Count > 0 && failure is not null && _dialect.IsConflict(failure); tries++)
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
            FailAll(batch.Count > 0 ? batch : [.. Waiting(first, batch)], failure);
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

    private bool TryTake([NotNullWhen(true)] out WriteOperation? operation) =>
        _writer.TryTakeResult(out operation) || (!_resultsOnly && _writer.TryTakeChange(out operation));

    // Yields what goes into the transaction and adds it to the batch: results first, at least one other change, until the
    // transaction is long enough. Where commits are slow, longer transactions pay off.
    private IEnumerable<WriteOperation> Waiting(WriteOperation first, List<WriteOperation> batch)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = _lastCommit * 2 > s_transaction ? _lastCommit * 2 : s_transaction;
        int weight = 0;
        bool changed = false;
        for (WriteOperation? next = first; next is not null; )
        {
            changed |= !next.IsResult;
            weight += next.Weight;
            batch.Add(next);
            yield return next;

            bool over = weight >= MaxBatchWeight || Stopwatch.GetElapsedTime(started) > limit || (weight > Small && weight * _pace > limit);
            next =
                !over && _writer.TryTakeResult(out WriteOperation? result) ? result
                : !_resultsOnly && (!over || (!changed && weight < MaxBatchWeight)) && _writer.TryTakeChange(out WriteOperation? change) ? change
                : null;
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
            _writer.LastFailure = null;
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
            _writer.LastFailure = unavailable;
        }

        foreach (WriteOperation operation in batch)
        {
            operation.Failed(reported);
        }
    }
}
