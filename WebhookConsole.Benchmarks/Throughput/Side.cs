using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>One side of a comparison, the application or what it is measured against, and the sums of its turns.</summary>
/// <param name="name">For the report.</param>
/// <param name="receiver">Where its deliveries arrive.</param>
/// <param name="webhooks">Deliveries of one event.</param>
/// <param name="meters">The processes that take part.</param>
/// <param name="postAsync">Has a number of events delivered, and returns the milliseconds until each answer to a post.</param>
internal sealed class Side(string name, Receiver.Host receiver, int webhooks, Meters meters, Func<int, Task<double[]>> postAsync)
{
    private readonly List<double> _answers = [];
    private TimeSpan[] _cpu = [];
    private TimeSpan _time;
    private TimeSpan _posting;
    private long _events;

    /// <summary>Deliveries per second, from the first post of a turn to its last request at the receiver.</summary>
    public double Rate => _events * webhooks / _time.TotalSeconds;

    /// <summary>Events per second that were accepted while posting.</summary>
    public double Taken => _events / _posting.TotalSeconds;

    /// <summary>µs of processor time for each delivery, all processes together.</summary>
    public double Cost => Costs.Sum();

    /// <summary>Milliseconds until each answer to a post; empty for the bare loop, to which nothing is posted.</summary>
    public Distribution Answers => new(_answers);

    private IEnumerable<double> Costs => _cpu.Select(c => c.TotalMicroseconds / (_events * webhooks));

    /// <summary>Makes deliveries that are not counted.</summary>
    public async Task WarmUpAsync(int events)
    {
        long target = await Load.CountAsync(receiver.Http, receiver.Url) + ((long)events * webhooks);
        await postAsync(events);
        await Load.WaitAsync(receiver.Http, receiver.Url, target);
    }

    public async Task TakeTurnAsync(int events)
    {
        long target = await Load.CountAsync(receiver.Http, receiver.Url) + ((long)events * webhooks);
        TimeSpan[] before = await meters.ReadAsync();
        long start = Stopwatch.GetTimestamp();
        _answers.AddRange(await postAsync(events));
        _posting += Stopwatch.GetElapsedTime(start);
        await Load.WaitAsync(receiver.Http, receiver.Url, target);
        _time += Stopwatch.GetElapsedTime(start, await receiver.LastAsync());
        TimeSpan[] after = await meters.ReadAsync();
        _cpu = after.Select((time, i) => time - before[i] + _cpu.ElementAtOrDefault(i)).ToArray();
        _events += events;
    }

    /// <summary>What all turns took: deliveries per second, processor time for each delivery, and answers to posts.</summary>
    public string Report()
    {
        string costs = string.Join(", ", meters.Names.Zip(Costs, (name, cost) => string.Create(CultureInfo.InvariantCulture, $"{name} {cost:0.0}")));
        string answers = _answers.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\n{"", -14}accepted {Taken:N0} events/s, answers {Answers}");
        return string.Create(CultureInfo.InvariantCulture, $"  {name, -12}{Rate, 8:N0} deliveries/s, {Cost, 6:0.0} µs each ({costs}){answers}");
    }
}
