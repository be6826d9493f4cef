using System.Data;
using System.Data.Common;
using Microsoft.AspNetCore.Identity;

namespace WebhookConsole.Data;

/// <summary>
/// Runs a change that somebody asked for in one serializable transaction, audit entries included: two owners cannot demote each other at
/// the same time, and two people cannot both take the last place. PostgreSQL lets such transactions run side by side and aborts all but
/// one of those that conflict; an aborted change runs again, from its first read on. SQLite runs them one after the other, in turn
/// with the group-commit writer.
/// </summary>
public sealed class UnitOfWork(IServiceScopeFactory scopes)
{
    // Each round lets at least one through, so this many changes may run at the same time.
    private const int MaxTries = 50;

    // Belongs to the flow that runs a change. The flow marks its end here, because what the change starts may outlive it.
    private static readonly AsyncLocal<Turn?> s_turn = new();

    // Belongs to the flow of one request.
    private static readonly AsyncLocal<Carried?> s_carried = new();

    /// <summary>Puts something into the transaction of the next change of this flow, until the result is disposed.</summary>
    public static IDisposable Carry(IRider rider) => s_carried.Value = new Carried(rider);

    /// <summary>Runs a change on a new context.</summary>
    /// <param name="change">
    /// Unsaved changes are saved at its end. It may run several times and may still fail, so notify others only after
    /// this method. All other writes wait for it, so do slow work (hashing a password, a request) before it.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public Task<T> RunAsync<T>(Func<ConsoleDbContext, Task<T>> change, CancellationToken cancellationToken = default) =>
        RetryAsync((db, _) => change(db), cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Func{ConsoleDbContext, Task{T}}, CancellationToken)"/>
    public Task RunAsync(Func<ConsoleDbContext, Task> change, CancellationToken cancellationToken = default) =>
        RetryAsync(
            async (db, _) =>
            {
                await change(db);
                return true;
            },
            cancellationToken
        );

    /// <summary>Runs a change of people: what Identity's manager does is in the same transaction.</summary>
    /// <inheritdoc cref="RunAsync{T}(Func{ConsoleDbContext, Task{T}}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<ConsoleDbContext, UserManager<ConsoleUser>, Task<T>> change, CancellationToken cancellationToken = default) =>
        RetryAsync((db, services) => change(db, services.GetRequiredService<UserManager<ConsoleUser>>()), cancellationToken);

    /// <summary>Runs the changes of several services as one: each keeps its rules and its audit entry, and all of them are saved or none.</summary>
    /// <param name="changes">
    /// Calls services one after the other. It may run several times. The services tell caches and feeds before the common commit, so this
    /// is for processes that have neither: the command line.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public Task TogetherAsync(Func<Task> changes, CancellationToken cancellationToken = default) =>
        RetryAsync(
            async (db, services) =>
            {
                s_turn.Value!.Shared = new Shared(db, services);
                await changes();
                return true;
            },
            cancellationToken
        );

    private async Task<T> RetryAsync<T>(Func<ConsoleDbContext, IServiceProvider, Task<T>> change, CancellationToken cancellationToken)
    {
        if (s_turn.Value is { Ended: false, Shared: { IsTaken: false } shared })
        {
            return await shared.RunAsync(change, cancellationToken);
        }

        DemandOutside();
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(change, cancellationToken);
            }
            catch (Exception exception) when (tries < MaxTries && IsSerializationFailure(exception))
            {
                // The loop runs the change again.
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<ConsoleDbContext, IServiceProvider, Task<T>> change, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        ConsoleDbContext db = scope.ServiceProvider.GetRequiredService<ConsoleDbContext>();
        Turn turn = new();
        s_turn.Value = turn;
        Carried? carried = s_carried.Value is { Done: false } waiting ? waiting : null;
        try
        {
            T done = await db.InTransactionAsync(
                async () =>
                {
                    await (carried?.Rider.BeforeAsync(db) ?? Task.CompletedTask);
                    T result = await change(db, scope.ServiceProvider);
                    carried?.Rider.After(db);
                    await db.SaveChangesAsync(cancellationToken);
                    return result;
                },
                IsolationLevel.Serializable,
                cancellationToken
            );
            carried?.Dispose();
            return done;
        }
        finally
        {
            turn.Ended = true;
        }
    }

    /// <summary>Guards code that waits for a turn to write.</summary>
    /// <exception cref="InvalidOperationException">The caller is inside a unit of work: it would wait for itself.</exception>
    internal static void DemandOutside()
    {
        if (s_turn.Value is { Ended: false })
        {
            throw new InvalidOperationException("A unit of work cannot wait for another one, nor for the delivery store: they wait for it to end.");
        }
    }

    // These are serialization_failure, deadlock_detected and idle_in_transaction_session_timeout (the process stood still), https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
    private static bool IsSerializationFailure(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException { SqlState: "40001" or "40P01" or "25P03" })
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Carried(IRider rider) : IDisposable
    {
        public IRider Rider => rider;

        public volatile bool Done;

        public void Dispose() => Done = true;
    }

    private sealed class Turn
    {
        public volatile bool Ended;

        // Null where the change has the turn for itself.
        public Shared? Shared { get; set; }
    }

    private sealed class Shared(ConsoleDbContext db, IServiceProvider services)
    {
        public bool IsTaken { get; private set; }

        public async Task<T> RunAsync<T>(Func<ConsoleDbContext, IServiceProvider, Task<T>> change, CancellationToken cancellationToken)
        {
            IsTaken = true;
            try
            {
                T result = await change(db, services);
                await db.SaveChangesAsync(cancellationToken);

                // The next change reads its rows from the database, as it would on a context of its own.
                db.ChangeTracker.Clear();
                return result;
            }
            finally
            {
                IsTaken = false;
            }
        }
    }
}

/// <summary>Something that is written in the same transaction as a change that does not know it.</summary>
public interface IRider
{
    /// <summary>Before the change; may refuse it.</summary>
    Task BeforeAsync(ConsoleDbContext db);

    /// <summary>After the change, before it is saved.</summary>
    void After(ConsoleDbContext db);
}
