using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// Events that carry a number, posted at fixed times (open loop): who is late posts late, and the time counts from when it was to be
/// posted, so that a stall lengthens every event that it held up instead of hiding them.
/// </summary>
internal sealed class TimedEvents
{
    private const string Prefix = "{\"seq\":";
    private static readonly string s_rest = $$""","customer":"Ada Lovelace","note":"{{new string('x', 340)}}"}""";
    private static int s_next;

    private readonly int _first;
    private readonly long[] _due;
    private readonly long[] _answered;

    private TimedEvents(int count)
    {
        // Numbers are never used twice in one run of the program: what comes late from before is not mistaken for something new.
        _first = Interlocked.Add(ref s_next, count) - count;
        _due = new long[count];
        _answered = new long[count];
    }

    /// <summary>Bytes in which the number is complete.</summary>
    public static int PrefixLength => Prefix.Length + 11;

    /// <summary>Events that were answered with success; the others were refused.</summary>
    public int Accepted => _answered.Count(a => a != 0);

    public int Refused => _due.Length - Accepted;

    /// <summary>Milliseconds from when each was to be posted until its success was answered.</summary>
    public Distribution DueToAnswered => new(Numbers().Select(i => Milliseconds(_answered[i] - _due[i])));

    /// <summary>The number that a body carries; null when it is no timed event.</summary>
    public static int? NumberOf(ReadOnlySequence<byte> body)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(PrefixLength, body.Length)];
        body.Slice(0, start.Length).CopyTo(start);
        return start.StartsWith(Encoding.UTF8.GetBytes(Prefix)) && Utf8Parser.TryParse(start[Prefix.Length..], out int number, out _) ? number : null;
    }

    /// <summary>Posts for some seconds and waits for all answers.</summary>
    /// <param name="perSecond">Events a second, a multiple of <paramref name="batch"/>.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="batch">Events of one post.</param>
    /// <param name="postAsync">Posts the payloads; the answer is disposed by the caller.</param>
    public static async Task<TimedEvents> PostAsync(int perSecond, int seconds, int batch, Func<string[], Task<HttpResponseMessage>> postAsync)
    {
        int posts = perSecond / batch * seconds;
        long interval = Stopwatch.Frequency * batch / perSecond;
        TimedEvents events = new(posts * batch);
        Task[] tasks = new Task[posts];

        // A thread of its own keeps the times, to about a millisecond; the posts go on by themselves.
        await Task.Factory.StartNew(
            () =>
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < posts; i++)
                {
                    long due = start + (i * interval);
                    while (Stopwatch.GetTimestamp() < due)
                    {
                        Thread.Sleep(1);
                    }

                    int first = i * batch;
                    tasks[i] = Task.Run(() => events.PostAsync(first, batch, due, postAsync));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await Task.WhenAll(tasks);
        return events;
    }

    /// <summary>Milliseconds from when each event was to be posted until it arrived, over all webhooks; the first time for each.</summary>
    public Distribution DueToArrival(IEnumerable<Arrival> arrivals) => new(Mine(arrivals).Select(a => Milliseconds(a.At - _due[a.Event - _first])));

    /// <summary>Milliseconds from the answer to the post until the event arrived; negative where the event was faster.</summary>
    public Distribution AnsweredToArrival(IEnumerable<Arrival> arrivals) => new(Mine(arrivals).Select(a => Milliseconds(a.At - _answered[a.Event - _first])));

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private async Task PostAsync(int first, int count, long due, Func<string[], Task<HttpResponseMessage>> postAsync)
    {
        string[] payloads = new string[count];
        for (int i = 0; i < count; i++)
        {
            _due[first + i] = due;
            payloads[i] = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_first + first + i}{s_rest}");
        }

        using HttpResponseMessage response = await postAsync(payloads);
        long now = Stopwatch.GetTimestamp();
        if (response.IsSuccessStatusCode)
        {
            _answered.AsSpan(first, count).Fill(now);
        }
    }

    private IEnumerable<int> Numbers() => Enumerable.Range(0, _due.Length).Where(i => _answered[i] != 0);

    private IEnumerable<Arrival> Mine(IEnumerable<Arrival> arrivals) =>
        arrivals
            .Where(a => a.Event >= _first && a.Event < _first + _due.Length && _answered[a.Event - _first] != 0)
            .OrderBy(a => a.At)
            .DistinctBy(a => (a.Webhook, a.Event));
}
