using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Data.Store;

/// <summary>A pool of sessions, each used by one caller at a time.</summary>
/// <param name="open">Opens a session.</param>
/// <param name="max">How many may be in use at a time; the next caller waits.</param>
/// <param name="patience">How long a caller waits at most; null for as long as a writer waits on SQLite.</param>
internal sealed class SessionPool(StoreDialect dialect, Func<StoreSession> open, int max, TimeSpan? patience = null) : IDisposable
{
    private readonly ConcurrentBag<StoreSession> _waiting = [];
    private readonly SemaphoreSlim _turns = new(max);
    private readonly TimeSpan _patience = patience ?? SqliteDialect.Patience;

    // A connection that has ended fails at once; what takes longer is slow, and would be as slow again.
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(1);

    /// <summary>Runs work that may be repeated: each session that was idle while the server restarted fails once, and the work is tried on another.</summary>
    /// <exception cref="StoreUnavailableException">All sessions were in use for longer than the caller may wait.</exception>
    public T Use<T>(Func<StoreSession, T> work)
    {
        // A caller that waited without a limit would hold a thread for as long as the database hangs.
        if (!_turns.Wait(_patience))
        {
            throw new StoreUnavailableException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The database is too slow now: no connection was free for {_patience.TotalSeconds} s (in use: {max})."
                )
            );
        }

        try
        {
            while (_waiting.TryTake(out StoreSession? session))
            {
                long started = Stopwatch.GetTimestamp();
                try
                {
                    return Run(session, work);
                }
                catch (Exception exception) when (dialect.IsUnavailable(exception) && Stopwatch.GetElapsedTime(started) < s_atOnce)
                {
                    // The next session, or a new one, shows whether the server is back.
                }
            }

            return Run(open(), work);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose()
    {
        while (_waiting.TryTake(out StoreSession? session))
        {
            session.Dispose();
        }

        _turns.Dispose();
    }

    private T Run<T>(StoreSession session, Func<StoreSession, T> work)
    {
        T result;
        try
        {
            result = work(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        _waiting.Add(session);
        return result;
    }
}
