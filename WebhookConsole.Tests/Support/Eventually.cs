using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WebhookConsole.Tests.Support;

/// <summary>Waits for a condition with a deadline, so that no test sleeps for luck.</summary>
public static class Eventually
{
    /// <summary>Generous: a busy machine must not fail a test, and a passing one never waits for it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);

    // What is asked for is often a query: hundreds of them a second would hold up what is waited for.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when <paramref name="condition"/> holds; fails with its text when it does not in time.</summary>
    public static Task TrueAsync(
        Func<bool> condition,
        Func<string>? state = null,
        TimeSpan? deadline = null,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => TrueAsync(() => Task.FromResult(condition()), state, deadline, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}?, TimeSpan?, string)"/>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        Func<string>? state = null,
        TimeSpan? deadline = null,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    )
    {
        TimeSpan limit = deadline ?? Deadline;
        long start = Stopwatch.GetTimestamp();
        TimeSpan pause = s_firstPause;
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                Assert.Fail($"Not within {limit.TotalSeconds:0} s: {what}. {state?.Invoke()}");
            }

            await Task.Delay(pause, TimeProvider.System);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}
