using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// End-to-end throughput: events go in through the public API, deliveries arrive at a receiver in another process. The bare loop
/// against the same receiver, before and after, is the measure.
/// </summary>
internal static class Throughput
{
    // In deliveries; as many as the bare loop gets.
    private const int WarmUp = BareLoop.WarmUp;

    public static async Task<int> RunAsync(Options options)
    {
        int events = options.Take("events", 60_000);
        int requests = options.Take("raw", 60_000);
        int inFlight = options.Take("in-flight", 100);
        int nodes = options.Take("nodes", 1);
        DatabaseChoice database = DatabaseChoice.Of(options);
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        double before = await BareLoop.RunAsync(receiver.Url, requests, inFlight);
        Console.WriteLine($"bare loop          {before, 10:N0} requests/s");
        double one = await EndToEndAsync(http, receiver.Url, database, nodes, 1, events, inFlight, Load.PostBatchesAsync);
        double twenty = await EndToEndAsync(http, receiver.Url, database, nodes, 20, events / 10, inFlight, Load.PostBatchesAsync);
        double single = await EndToEndAsync(http, receiver.Url, database, nodes, 1, events / 2, inFlight, Load.PostSinglesAsync);
        double after = await BareLoop.RunAsync(receiver.Url, requests, inFlight);
        Console.WriteLine($"bare loop again    {after, 10:N0} requests/s");
        double raw = (before + after) / 2;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT throughput database={database.Name} nodes={nodes} ratio1={one / raw:0.000} ratio20={twenty / raw:0.000} single={single / raw:0.000} raw={raw:0}/s"
            )
        );
        return 0;
    }

    // Deliveries per second from the first post to the last request at the receiver.
    private static async Task<double> EndToEndAsync(
        HttpClient http,
        Uri receiver,
        DatabaseChoice database,
        int nodes,
        int webhooks,
        int events,
        int inFlight,
        Func<HttpClient, int, Task> postAsync
    )
    {
        BenchDatabase? server = await database.CreateAsync();
        await using BenchNodes app = await BenchNodes.StartAsync(nodes, server);
        await app.First.AddWebhooksAsync(webhooks, receiver, inFlight);

        // Warms up the compiler, the connections and the caches of both sides.
        long before = await Load.CountAsync(http, receiver) + WarmUp;
        await app.PostAsync(postAsync, WarmUp / webhooks);
        await Load.WaitAsync(http, receiver, before);

        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan cpu = app.Cpu;
        TimeSpan serverCpu = server is null ? TimeSpan.Zero : await server.CpuAsync();
        await app.PostAsync(postAsync, events);
        double taken = events / watch.Elapsed.TotalSeconds;
        await Load.WaitAsync(http, receiver, before + ((long)events * webhooks));
        double rate = (double)events * webhooks / watch.Elapsed.TotalSeconds;
        double cost = (app.Cpu - cpu).TotalMicroseconds / ((double)events * webhooks);
        string serverCost = "";
        if (server is not null)
        {
            double used = (await server.CpuAsync() - serverCpu).TotalMicroseconds / ((double)events * webhooks);
            serverCost = $" and {used:0.0} µs of the database";
        }

        Console.WriteLine(
            $"{webhooks, 2} webhooks, {(postAsync == Load.PostBatchesAsync ? "batches" : "singles")} {rate, 10:N0} deliveries/s, taken in {taken:N0} events/s, {cost:0.0} µs of processor time each{serverCost}, {app.Memory / 1_000_000} MB"
        );
        return rate;
    }
}
