using System.Data;
using System.Data.Common;
using Microsoft.AspNetCore.Identity;

namespace WebhookConsole.Data;

/// <summary>
/// Runs a change that somebody asked for in one serializable transaction, audit entries included: two owners cannot demote each other at
/// once, and two people cannot both take the last place. PostgreSQL lets such transactions run side by side and ends all but one that
/// would not fit one after the other; what was ended is run again, from the first read on. SQLite runs them one after the other, in turn
/// with the group-commit writer.
/// </summary>
public sealed class UnitOfWork(IServiceScopeFactory scopes)
{
    // Each round lets at least one through, so this is how many may come at the same moment.
    private const int MaxTries = 50;

    // Of the flow that runs a change. It is told when that has ended, because what the change starts may live longer.
    private static readonly AsyncLocal<Turn?> s_turn = new();

    /// <summary>Runs a change on a context of its own.</summary>
    /// <param name="change">
    /// What it leaves unsaved is saved after it. May run several times, and may come to nothing: what others are to hear of comes after
    /// this method. Everybody else's writes wait for it, so what takes long (hashing a password, a request) comes before.
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

    /// <summary>Runs a change of people: what Identity does with its manager is in the same transaction.</summary>
    /// <inheritdoc cref="RunAsync{T}(Func{ConsoleDbContext, Task{T}}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<ConsoleDbContext, UserManager<ConsoleUser>, Task<T>> change, CancellationToken cancellationToken = default) =>
        RetryAsync((db, services) => change(db, services.GetRequiredService<UserManager<ConsoleUser>>()), cancellationToken);

    private async Task<T> RetryAsync<T>(Func<ConsoleDbContext, IServiceProvider, Task<T>> change, CancellationToken cancellationToken)
    {
        DemandOutside();
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(change, cancellationToken);
            }
            catch (Exception exception) when (tries < MaxTries && IsSerializationFailure(exception))
            {
                // Again.
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<ConsoleDbContext, IServiceProvider, Task<T>> change, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        ConsoleDbContext db = scope.ServiceProvider.GetRequiredService<ConsoleDbContext>();
        Turn turn = new();
        s_turn.Value = turn;
        try
        {
            return await db.InTransactionAsync(
                async () =>
                {
                    T result = await change(db, scope.ServiceProvider);
                    await db.SaveChangesAsync(cancellationToken);
                    return result;
                },
                IsolationLevel.Serializable,
                cancellationToken
            );
        }
        finally
        {
            turn.Ended = true;
        }
    }

    /// <summary>Guards what waits for a turn to write.</summary>
    /// <exception cref="InvalidOperationException">The caller is inside a unit of work: it would wait for itself.</exception>
    internal static void DemandOutside()
    {
        if (s_turn.Value is { Ended: false })
        {
            throw new InvalidOperationException("A unit of work cannot wait for another one, nor for the delivery store: they wait for it to end.");
        }
    }

    // serialization_failure and deadlock_detected, https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
    private static bool IsSerializationFailure(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException { SqlState: "40001" or "40P01" })
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Turn
    {
        public volatile bool Ended;
    }
}
