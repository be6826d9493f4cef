using System.Diagnostics;

namespace WebhookConsole.Components;

/// <summary>
/// Lets open pages refresh one after the other, with a pause as long as the refresh took. However many pages are open, their live lists
/// take half of one core at most: what people do on them, and deliveries, go first.
/// </summary>
public sealed class RefreshTurns(TimeProvider clock) : IDisposable
{
    // A refresh that waits for a database must not stop the others.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for its turn, refreshes and pauses. After two seconds of waiting it goes ahead anyway.</summary>
    public async Task RunAsync(Func<Task> refresh, CancellationToken cancellationToken)
    {
        bool mine = await _turn.WaitAsync(s_patience, cancellationToken);
        try
        {
            long start = Stopwatch.GetTimestamp();
            await refresh();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            await Task.Delay(took < s_longestPause ? took : s_longestPause, clock, cancellationToken);
        }
        finally
        {
            if (mine)
            {
                _turn.Release();
            }
        }
    }

    public void Dispose() => _turn.Dispose();
}
