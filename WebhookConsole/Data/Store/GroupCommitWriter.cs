using System.Diagnostics;
using System.Threading.Channels;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The single writer of the hot path. It takes whatever waits and commits it in one transaction: no added wait when idle, big
/// batches when busy. An operation that fails is tried alone, so that it fails for itself only; a database that cannot be
/// written fails the batch at once, and the next batch opens a new connection.
/// </summary>
internal sealed class GroupCommitWriter : IDisposable
{
    private const int MaxBatchWeight = 2_000;
    private const int MaxQueuedWeight = 100_000;

    private readonly StoreDialect _dialect;
    private readonly Channel<WriteOperation> _queue = Channel.CreateUnbounded<WriteOperation>(new() { SingleReader = true });
    private readonly Thread _thread;
    private StoreSession? _session;
    private int _queuedWeight;
    private (StoreUnavailableException Exception, long At)? _failure;

    public GroupCommitWriter(StoreDialect dialect)
    {
        _dialect = dialect;

        // A thread of its own: the provider's calls block, and a pool thread must not wait for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "group-commit" };
        _thread.Start();
    }

    /// <summary>Queues a change whose loss the caller can report (an event that was not accepted yet).</summary>
    /// <exception cref="RuleException">Kind Unavailable: too much is waiting already.</exception>
    public Task<T> SubmitOrRefuse<T>(WriteOperation<T> operation) =>
        Volatile.Read(ref _queuedWeight) < MaxQueuedWeight
            ? Submit(operation)
            : throw RuleException.Unavailable("Events arrive faster than the disk takes them. Nothing was accepted; try again in a second.");

    /// <summary>Queues a change that must not be refused (the result of an attempt).</summary>
    public Task<T> Submit<T>(WriteOperation<T> operation)
    {
        Interlocked.Add(ref _queuedWeight, operation.Weight);
        return _queue.Writer.TryWrite(operation)
            ? operation.Completion
            : throw RuleException.Unavailable("The application is stopping. Nothing was accepted; try again in a few seconds.");
    }

    /// <summary>Why the database refused a write not longer ago than <paramref name="time"/>; null when it did not.</summary>
    public StoreUnavailableException? FailureWithin(TimeSpan time)
    {
        lock (_queue)
        {
            return _failure is { } failure && Stopwatch.GetElapsedTime(failure.At) < time ? failure.Exception : null;
        }
    }

    /// <summary>Finishes what is queued, then stops.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
    }

    private void Run()
    {
        List<WriteOperation> batch = [];
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            int weight = 0;
            while (weight < MaxBatchWeight && _queue.Reader.TryRead(out WriteOperation? operation))
            {
                batch.Add(operation);
                weight += operation.Weight;
            }

            Commit(batch);
            Interlocked.Add(ref _queuedWeight, -weight);
            batch.Clear();
        }

        _session?.Dispose();
    }

    private void Commit(List<WriteOperation> batch)
    {
        if (TryCommit(batch) is not { } failure)
        {
            return;
        }

        if (batch.Count == 1 || _dialect.IsUnavailable(failure))
        {
            FailAll(batch, failure);
            return;
        }

        foreach (WriteOperation operation in batch)
        {
            List<WriteOperation> alone = [operation];
            if (TryCommit(alone) is { } own)
            {
                FailAll(alone, own);
            }
        }
    }

    private Exception? TryCommit(List<WriteOperation> batch)
    {
        try
        {
            StoreSession session = _session ??= _dialect.OpenSession();
            session.Execute(_dialect.BeginWrite);
            BatchState state = new();
            foreach (WriteOperation operation in batch)
            {
                operation.Execute(session, state);
            }

            state.Flush(session);
            session.Execute(Commits);
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers; the writer itself must go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // A new connection is the one state that is surely clean.
            _session?.Dispose();
            _session = null;
            return exception;
        }

        foreach (WriteOperation operation in batch)
        {
            operation.Committed();
        }

        return null;
    }

    private const string Commits = "COMMIT";

    private void FailAll(List<WriteOperation> batch, Exception exception)
    {
        Exception reported = exception;
        if (_dialect.IsUnavailable(exception))
        {
            StoreUnavailableException unavailable = new(exception);
            reported = unavailable;
            lock (_queue)
            {
                _failure = (unavailable, Stopwatch.GetTimestamp());
            }
        }

        foreach (WriteOperation operation in batch)
        {
            operation.Failed(reported);
        }
    }
}

/// <summary>The database cannot be written now: disk full, locked by another process, read-only. Nothing was written.</summary>
public sealed class StoreUnavailableException(Exception inner) : Exception("The database cannot be written now: " + inner.Message, inner);
