using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// What sixteen healthy webhooks notice of four others that hang until the time limit, or drip an endless answer. Phases without (A:
/// the four are healthy) and with (B) alternate, each with a new process on an empty data folder.
/// </summary>
internal static class Isolation
{
    private const int Healthy = 16;
    private const int Others = 4;
    private const int WarmUp = 2000;
    private const int Rounds = 2;

    public static async Task<int> RunAsync(Options options)
    {
        int seconds = options.Take("seconds", 15);
        int rate = options.Take("rate", 100);
        int events = options.Take("events", 4000);
        int inFlight = options.Take("in-flight", 100);
        ReceiverMode sick = options.Take("drip", 0) == 0 ? ReceiverMode.Hang : ReceiverMode.Drip;
        string? program = options.TakeText("program");
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host healthy = await Receiver.StartAsync(http);
        await using Receiver.Host others = await Receiver.StartAsync(http);
        List<Phase> without = [];
        List<Phase> with = [];
        for (int round = 0; round < Rounds; round++)
        {
            without.Add(await RunAsync(program, http, healthy, others, ReceiverMode.Answer, rate, seconds, events, inFlight));
            with.Add(await RunAsync(program, http, healthy, others, sick, rate, seconds, events, inFlight));
        }

        // The quietest round of each: other work on the machine only ever adds. All rounds are printed above.
        double p99Without = without.Min(p => p.Latency.P99);
        double p99With = with.Min(p => p.Latency.P99);
        double rateWithout = without.Max(p => p.Throughput);
        double rateWith = with.Max(p => p.Throughput);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT isolation program={program ?? "build"} others={sick} p99_ratio={p99With / p99Without:0.00} p50_ratio={with.Min(p => p.Latency.P50) / without.Min(p => p.Latency.P50):0.00} throughput_ratio={rateWith / rateWithout:0.00} p99_without={p99Without:0.00}ms p99_with={p99With:0.00}ms without={rateWithout:0}/s with={rateWith:0}/s"
            )
        );
        return 0;
    }

    private static async Task<Phase> RunAsync(
        string? program,
        HttpClient http,
        Receiver.Host healthy,
        Receiver.Host others,
        ReceiverMode mode,
        int rate,
        int seconds,
        int events,
        int inFlight
    )
    {
        await using ConsoleProcess app = new(program: program);
        await app.StartAsync();
        await app.AddWebhooksAsync(Healthy, healthy.Url, inFlight);
        await app.AddWebhooksAsync(Others, others.Url, inFlight, "other");
        await others.BecomeAsync(ReceiverMode.Answer);
        long target = await Load.CountAsync(http, healthy.Url) + (Healthy * 2 * WarmUp);
        await Load.PostBatchesAsync(app.Api, WarmUp);
        await Load.PostSinglesAsync(app.Api, WarmUp);
        await Load.WaitAsync(http, healthy.Url, target);

        await others.BecomeAsync(mode);
        TimedEvents timed = await TimedEvents.PostAsync(rate, seconds, 1, payloads => Load.PostAsync(app.Api, payloads));
        target += (long)timed.Accepted * Healthy;
        await Load.WaitAsync(http, healthy.Url, target);
        Distribution latency = timed.DueToArrival(await healthy.TakeArrivalsAsync());
        await others.TakeArrivalsAsync();

        Stopwatch watch = Stopwatch.StartNew();
        await Load.PostBatchesAsync(app.Api, events);
        await Load.WaitAsync(http, healthy.Url, target + ((long)events * Healthy));
        Phase phase = new(latency, events * Healthy / watch.Elapsed.TotalSeconds);
        Console.WriteLine($"{Others} others {mode, -6}  {latency}  {phase.Throughput, 8:N0} deliveries/s of the {Healthy}, {timed.Refused} refused");
        return phase;
    }

    private sealed record Phase(Distribution Latency, double Throughput);
}
