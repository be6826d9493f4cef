using System.Diagnostics;

namespace WebhookConsole.Components;

/// <summary>
/// Lets open pages refresh one after the other, with a pause as long as the refresh took, and never while an input is being answered.
/// However many pages are open, their live lists take half of one core at most: what people do on them, and deliveries, go first.
/// </summary>
public sealed class RefreshTurns(TimeProvider clock) : IDisposable
{
    // A refresh that waits for a database must not stop the others.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(100);

    // An input that takes longer waits for a receiver or a database, not for this processor.
    private static readonly TimeSpan s_courtesy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private int _inputs;
    private long _lastInput;

    /// <summary>Waits for its turn, refreshes and pauses. After two seconds of waiting it goes ahead anyway.</summary>
    public async Task RunAsync(Func<Task> refresh, CancellationToken cancellationToken)
    {
        long asked = clock.GetTimestamp();
        bool mine = await _turn.WaitAsync(s_patience, cancellationToken);
        try
        {
            while (IsAnswering && clock.GetElapsedTime(asked) < s_patience)
            {
                await Task.Delay(s_look, clock, cancellationToken);
            }

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

    private bool IsAnswering => Volatile.Read(ref _inputs) > 0 && clock.GetElapsedTime(Volatile.Read(ref _lastInput)) < s_courtesy;

    /// <summary>Answers an input; no refresh begins in its first tenth of a second.</summary>
    public async Task AnswerAsync(Func<Task> input)
    {
        Volatile.Write(ref _lastInput, clock.GetTimestamp());
        Interlocked.Increment(ref _inputs);
        try
        {
            await input();
        }
        finally
        {
            Interlocked.Decrement(ref _inputs);
        }
    }

    public void Dispose() => _turn.Dispose();
}
