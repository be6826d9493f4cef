using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WebhookConsole.Data;

/// <summary>
/// Passes SQLite's write lock on inside this process. SQLite itself would let the second caller poll and sleep;
/// here the next one continues the moment the lock is free. People's transactions run in the order in which they asked, and between two
/// of them the group-commit writer gets its turn: neither can starve the other.
/// </summary>
internal sealed class WriteGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _people = new();
    private TaskCompletionSource? _writer;
    private bool _taken;

    /// <summary>Waits until a transaction may begin; dispose the result at its end.</summary>
    /// <exception cref="SqliteException">BUSY, as if the file were locked: the turn did not come within <see cref="Store.SqliteDialect.Patience"/>.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Ask(writer: false) is { } turn)
        {
            using CancellationTokenSource patience = new(Store.SqliteDialect.Patience, TimeProvider.System);
            using CancellationTokenRegistration late = patience.Token.UnsafeRegister(_ => turn.TrySetException(Busy()), null);
            using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(_ => turn.TrySetCanceled(cancellationToken), null);
            await turn.Task;
        }

        return new Turn(this);
    }

    /// <summary>Blocks until it is the writer's turn. There is one writer.</summary>
    /// <inheritdoc cref="EnterAsync"/>
    public IDisposable Enter()
    {
        if (Ask(writer: true) is { } turn && !turn.Task.Wait(Store.SqliteDialect.Patience) && turn.TrySetException(Busy()))
        {
            turn.Task.GetAwaiter().GetResult();
        }

        return new Turn(this);
    }

    // The next one may continue.
    private void Leave()
    {
        lock (_lock)
        {
            TaskCompletionSource? next = _writer;
            _writer = null;

            // A caller that has given up does not take it.
            while (next?.TrySetResult() != true)
            {
                if (!_people.TryDequeue(out next))
                {
                    _taken = false;
                    return;
                }
            }
        }
    }

    // Returns null when the gate was free; it is taken now.
    private TaskCompletionSource? Ask(bool writer)
    {
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return null;
            }

            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (writer)
            {
                _writer = turn;
            }
            else
            {
                _people.Enqueue(turn);
            }

            return turn;
        }
    }

    private sealed class Turn(WriteGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }

    private static SqliteException Busy() => new("Another transaction of this process has not ended.", raw.SQLITE_BUSY);
}
