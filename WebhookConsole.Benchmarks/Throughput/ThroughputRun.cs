using System.Globalization;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>
/// End-to-end throughput: events go in through the public API, deliveries arrive at a receiver in another process. Batches are measured
/// against the bare loop, single events against the bare relay, with the same receiver and in turns.
/// </summary>
internal static class ThroughputRun
{
    public static async Task<int> RunAsync(Options options)
    {
        Settings settings = Settings.Of(options);
        bool answersFirst = RelayAnswersFirst(options.TakeText("relay-answers") ?? "first");
        Stage[] stages = Stage.Of(options.TakeText("rows"));
        bool storing = options.Take("storing", 0) != 0;
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        await using Yardsticks bare = await Yardsticks.StartAsync(receiver, answersFirst);
        await bare.WarmUpAsync(settings.WarmUp, settings.InFlight);
        await using Yardsticks? stored = storing ? await Yardsticks.StartAsync(receiver, answersFirst, stores: true) : null;
        await (stored?.WarmUpAsync(settings.WarmUp, settings.InFlight) ?? Task.CompletedTask);
        List<Comparison> all = [];
        foreach (Stage stage in stages)
        {
            all.AddRange(await MeasureAsync(stage, settings, receiver, bare, stored));
        }

        string ratios = string.Join(' ', all.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}={c.Ratio:0.000}")));
        string costs = string.Join(' ', all.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}_cpu={c.CostRatio:0.000}")));
        string bares = string.Join(' ', all.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}_bare={c.Bare.Rate:0}/s")));
        string worst = all.Max(c => c.Application.Answers.Max).ToString("0", CultureInfo.InvariantCulture);
        Console.WriteLine(
            $"RESULT throughput database={settings.Database.Name} nodes={settings.Nodes} program={settings.Program ?? "build"} relay={(answersFirst ? "first" : "last")} slots={Yardsticks.Slots} {ratios} {costs} {bares} worst_answer={worst}ms"
        );
        return 0;
    }

    private static bool RelayAnswersFirst(string when) =>
        when switch
        {
            "first" => true,
            "last" => false,
            _ => throw new ArgumentException($"--relay-answers takes first or last, not '{when}'.", nameof(when)),
        };

    private static async Task<List<Comparison>> MeasureAsync(Stage stage, Settings settings, Receiver.Host receiver, Yardsticks bare, Yardsticks? stored)
    {
        BenchDatabase? server = await settings.Database.CreateAsync();
        await using BenchNodes app = await BenchNodes.StartAsync(settings.Nodes, server, settings.Program);
        await app.First.AddWebhooksAsync(stage.Webhooks, receiver.Url, stage.Default ? null : settings.InFlight);

        // Warms up the compiler, the connections and the caches, once for each way of posting.
        foreach (Posting posting in stage.Rows.Select(r => r.Posting.Fast).DistinctBy(p => p.Unit))
        {
            await SideOf(posting).WarmUpAsync(settings.EventsOf(posting, settings.WarmUp / stage.Webhooks));
        }

        List<Comparison> comparisons = [];
        foreach (Row row in stage.Rows)
        {
            string webhooks = stage.Webhooks == 1 ? "1 webhook" : $"{stage.Webhooks} webhooks";
            string title = $"{row.Key}: {webhooks}, {row.Posting.Name}, {(stage.Default ? "default" : settings.InFlight)} in flight";
            int slots = stage.Default ? Yardsticks.Slots : settings.InFlight;
            int events = settings.EventsOf(row.Posting, settings.Events / row.Part / settings.Turns);
            Comparison comparison = new(
                row.Key,
                title,
                SideOf(row.Posting),
                bare.Of(row, settings.Nodes, settings.InFlight),
                stored?.Of(row, settings.Nodes, slots)
            );
            await comparison.RunAsync(settings.Turns, events, row.Clients is null ? settings.BareRequests / settings.Turns : events);
            comparisons.Add(comparison);
        }

        Console.WriteLine($"  application {app.Memory / 1_000_000} MB");
        return comparisons;

        Side SideOf(Posting posting)
        {
            Meters meters = server is null
                ? new(receiver, Meters.Of("application", () => app.Cpu))
                : new(receiver, Meters.Of("application", () => app.Cpu), ("database", server.CpuAsync));
            return new Side("application", receiver, stage.Webhooks, meters, events => app.PostAsync(posting.PostAsync, events));
        }
    }
}
