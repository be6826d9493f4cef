using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// What live deliveries notice of a million due ones of other webhooks, whose receiver hangs so that they stay. Phases without (A) and
/// with the backlog (B) alternate, each with a new process; at the end the receiver answers and the backlog drains.
/// </summary>
internal static class Backlog
{
    private const string Live = "live";
    private const int Stuck = 4;
    private const int WarmUp = 5000;
    private const int Rounds = 2;

    // What people leave it at; the live webhook has what the other runs give it.
    private const int StuckInFlight = 8;
    private const int InFlight = 100;

    public static async Task<int> RunAsync(Options options)
    {
        int deliveries = options.Take("deliveries", 1_000_000);
        int seconds = options.Take("seconds", 8);
        int rate = options.Take("rate", 500);
        int events = options.Take("events", 30_000);
        int drainSeconds = options.Take("drain", 20);
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host live = await Receiver.StartAsync(http);
        await using Receiver.Host stuck = await Receiver.StartAsync(http);
        await using ConsoleProcess empty = new();
        await using ConsoleProcess full = new();
        await SetUpAsync(empty, live, stuck);
        Guid[] webhooks = await SetUpAsync(full, live, stuck);
        Stopwatch watch = Stopwatch.StartNew();
        BacklogSeed.Write(full.DataFolder, webhooks, deliveries);
        Console.WriteLine($"{deliveries:N0} due deliveries written in {watch.Elapsed.TotalSeconds:0} s");

        await stuck.BecomeAsync(ReceiverMode.Hang);
        List<Phase> without = [];
        List<Phase> with = [];
        for (int round = 0; round < Rounds; round++)
        {
            without.Add(await RunAsync(http, live, empty, "without", rate, seconds, events));
            with.Add(await RunAsync(http, live, full, "with", rate, seconds, events));
        }

        await stuck.BecomeAsync(ReceiverMode.Answer);
        (Distribution drainLatency, double drained, double peak) = await DrainAsync(http, live, stuck, full, rate, drainSeconds);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT backlog deliveries={deliveries} p50_ratio={Lowest(p => p.Latency.P50):0.00} p99_ratio={Lowest(p => p.Latency.P99):0.00} throughput_ratio={with.Max(p => p.Throughput) / without.Max(p => p.Throughput):0.00} start_without={without.Min(p => p.Start):0.00}s start_with={with.Min(p => p.Start):0.00}s p99_without={without.Min(p => p.Latency.P99):0.00}ms p99_with={with.Min(p => p.Latency.P99):0.00}ms memory={with.Max(p => p.Peak):0}MB drain={drained:0}/s drain_p99={drainLatency.P99:0.0}ms drain_memory={peak:0}MB"
            )
        );
        return 0;

        // The quietest round of each: other work on the machine only ever adds. All rounds are printed above.
        double Lowest(Func<Phase, double> of) => with.Min(of) / without.Min(of);
    }

    private static async Task<Guid[]> SetUpAsync(ConsoleProcess app, Receiver.Host live, Receiver.Host stuck)
    {
        await app.StartAsync();
        await app.AddWebhookAsync(Live, new Uri(live.Url, "0"), InFlight, eventTypes: [Load.EventType]);
        Guid[] ids = new Guid[Stuck];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = await app.AddWebhookAsync(
                $"stuck {i}",
                new Uri(stuck.Url, i.ToString(CultureInfo.InvariantCulture)),
                StuckInFlight,
                eventTypes: [BacklogSeed.EventType]
            );
        }

        await app.Child.KillAsync();
        return ids;
    }

    private static async Task<Phase> RunAsync(HttpClient http, Receiver.Host live, ConsoleProcess app, string what, int rate, int seconds, int events)
    {
        await app.StartAsync();
        double start = app.Child.StartTime.TotalSeconds;
        long target = await Load.CountAsync(http, live.Url) + (2 * WarmUp);
        await Load.PostBatchesAsync(app.Api, WarmUp);
        await Load.PostSinglesAsync(app.Api, WarmUp);
        await Load.WaitAsync(http, live.Url, target);

        TimedEvents timed = await TimedEvents.PostAsync(rate, seconds, 1, payloads => Load.PostAsync(app.Api, payloads));
        target += timed.Accepted;
        await Load.WaitAsync(http, live.Url, target);
        Distribution latency = timed.DueToArrival(await live.TakeArrivalsAsync());

        Stopwatch watch = Stopwatch.StartNew();
        await Load.PostBatchesAsync(app.Api, events);
        await Load.WaitAsync(http, live.Url, target + events);
        Phase phase = new(start, latency, events / watch.Elapsed.TotalSeconds, app.Child.PeakMemory / 1e6);
        await app.Child.KillAsync();
        Console.WriteLine($"{what, -8} start {start:0.00} s  {latency}  {phase.Throughput, 8:N0} deliveries/s  {phase.Peak:0} MB");
        return phase;
    }

    private static async Task<(Distribution Latency, double PerSecond, double Peak)> DrainAsync(
        HttpClient http,
        Receiver.Host live,
        Receiver.Host stuck,
        ConsoleProcess app,
        int rate,
        int seconds
    )
    {
        await app.StartAsync();
        long before = await Load.CountAsync(http, live.Url) + WarmUp;
        await Load.PostSinglesAsync(app.Api, WarmUp);
        await Load.WaitAsync(http, live.Url, before);
        long stuckBefore = await Load.CountAsync(http, stuck.Url);
        Stopwatch watch = Stopwatch.StartNew();
        TimedEvents timed = await TimedEvents.PostAsync(rate, seconds, 1, payloads => Load.PostAsync(app.Api, payloads));
        double drained = (await Load.CountAsync(http, stuck.Url) - stuckBefore) / watch.Elapsed.TotalSeconds;
        await Load.WaitAsync(http, live.Url, before + timed.Accepted);
        Distribution latency = timed.DueToArrival(await live.TakeArrivalsAsync());
        double peak = app.Child.PeakMemory / 1e6;
        Console.WriteLine($"draining {drained:N0}/s, live {latency}  {peak:0} MB");
        return (latency, drained, peak);
    }

    private sealed record Phase(double Start, Distribution Latency, double Throughput, double Peak);
}
