using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;

namespace WebhookConsole.Data.Store;

/// <summary>
/// The writer of the hot path: it takes changes in, and its threads commit whatever waits together. SQLite has one thread, because it writes one
/// transaction at a time; on PostgreSQL a second one writes results while the first waits for the disk.
/// </summary>
internal sealed class GroupCommitWriter : IDisposable
{
    private const int MaxQueuedWeight = 100_000;

    private readonly ConcurrentQueue<WriteOperation> _results = new();
    private readonly ConcurrentQueue<WriteOperation> _changes = new();
    private readonly GroupCommitThread[] _threads;
    private int _queuedWeight;
    private volatile bool _ended;
    private volatile StoreUnavailableException? _lastFailure;

    /// <param name="threads">How many transactions it may write side by side. Only the first thread writes anything but results of attempts.</param>
    public GroupCommitWriter(StoreDialect dialect, EngineMetrics metrics, int threads = 1)
    {
        _threads = new GroupCommitThread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new GroupCommitThread(this, dialect, metrics, resultsOnly: i > 0);
        }
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

        // The first that has nothing to do takes it. Where all are busy, one of them finds it when it is done.
        foreach (GroupCommitThread thread in _threads)
        {
            if (thread.Wake(operation))
            {
                break;
            }
        }

        if (_ended)
        {
            RefuseRest();
        }

        return operation.Completion;
    }

    /// <summary>Why the last write failed; null once a write that is not a probe has succeeded.</summary>
    public StoreUnavailableException? LastFailure
    {
        get => _lastFailure;
        set => _lastFailure = value;
    }

    /// <summary>Drops a failure that a probe has shown to be over, unless there is a newer one.</summary>
    public void Forget(StoreUnavailableException failure) => Interlocked.CompareExchange(ref _lastFailure, null, failure);

    /// <summary>True when something waits to be written; for the threads.</summary>
    public bool Has(bool resultsOnly) => !_results.IsEmpty || (!resultsOnly && !_changes.IsEmpty);

    /// <summary>Takes the next result of an attempt; for the threads.</summary>
    public bool TryTakeResult([NotNullWhen(true)] out WriteOperation? operation) => _results.TryDequeue(out operation);

    /// <summary>Takes the next other change; for the threads.</summary>
    public bool TryTakeChange([NotNullWhen(true)] out WriteOperation? operation) => _changes.TryDequeue(out operation);

    /// <summary>Says that so much has been written or has failed; for the threads.</summary>
    public void Done(int weight) => Interlocked.Add(ref _queuedWeight, -weight);

    /// <summary>Finishes what is queued, then stops.</summary>
    public void Dispose()
    {
        foreach (GroupCommitThread thread in _threads)
        {
            thread.Dispose();
        }

        _ended = true;
        RefuseRest();
    }

    private void RefuseRest()
    {
        while (TryTakeResult(out WriteOperation? operation) || TryTakeChange(out operation))
        {
            operation.Failed(RuleException.Unavailable("The application is stopping. Nothing was accepted; try again in a few seconds."));
        }
    }
}

/// <summary>The database cannot be written now: disk full, locked by another process, read-only. Nothing was written.</summary>
public sealed class StoreUnavailableException(Exception inner) : Exception("The database cannot be written now: " + inner.Message, inner);
