using System.Data.Common;

namespace WebhookConsole.Data;

/// <summary>
/// Runs a change in a serializable transaction. PostgreSQL lets such transactions run side by side and ends all but one that would
/// not fit one after the other; what was ended is run again, from the first read on. SQLite runs them one after the other anyway.
/// </summary>
public static class Serialized
{
    // Each round lets at least one through, so this is how many may come at the same moment.
    private const int MaxTries = 50;

    /// <param name="change">Opens its own context and transaction; may run several times.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> change)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await change();
            }
            catch (Exception exception) when (tries < MaxTries && IsSerializationFailure(exception))
            {
                // Again.
            }
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
}
