using System.Globalization;
using WebhookConsole.Benchmarks.Bare;

namespace WebhookConsole.Benchmarks;

/// <summary>
/// From the post of an event to its arrival at the receiver, at a fixed rate with one webhook. The measure is the exchange of the same
/// body with the receiver alone, at the same rate, before and after. With several nodes, events are posted to one that has no lane.
/// </summary>
internal static class Latency
{
    private const int WarmUp = 20_000;
    private const int BareSeconds = 5;
    private const int Batch = 10;

    public static async Task<int> RunAsync(Options options)
    {
        int rate = options.Take("rate", 1000);
        int seconds = options.Take("seconds", 20);
        int inFlight = options.Take("in-flight", 100);
        int nodes = options.Take("nodes", 1);
        string? program = options.TakeText("program");
        DatabaseChoice database = DatabaseChoice.Of(options);
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        using (SignedPost post = new(receiver.Url))
        {
            await BareLoop.SendAsync(post, 10_000, 16);
        }

        Distribution before = await BareAsync(http, receiver, rate);
        Print("bare exchange", before);

        await using BenchNodes app = await BenchNodes.StartAsync(nodes, await database.CreateAsync(), program);
        await app.First.AddWebhooksAsync(1, receiver.Url, inFlight);
        long target = await Load.CountAsync(http, receiver.Url) + (2 * WarmUp);
        await Load.PostBatchesAsync(app.First.Api, WarmUp / 2);
        await Load.PostBatchesAsync(app.Last.Api, WarmUp / 2);
        await Load.PostSinglesAsync(app.Last.Api, WarmUp);
        await Load.WaitAsync(http, receiver.Url, target);

        (Distribution single, Distribution singleAfter, int lost) = await RunAsync(http, receiver, app.Last, rate, seconds, 1);
        (Distribution batch, _, int batchLost) = await RunAsync(http, receiver, app.Last, rate, seconds, Batch);
        Distribution after = await BareAsync(http, receiver, rate);
        Print("bare exchange again", after);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT latency program={program ?? "build"} database={database.Name} nodes={nodes} rate={rate} p50={single.P50:0.00} p95={single.P95:0.00} p99={single.P99:0.00} max={single.Max:0.0} from202_p50={singleAfter.P50:0.00} from202_p99={singleAfter.P99:0.00} batch_p50={batch.P50:0.00} batch_p99={batch.P99:0.00} bare_p50={(before.P50 + after.P50) / 2:0.00} bare_p99={(before.P99 + after.P99) / 2:0.00} lost={lost + batchLost} unit=ms"
            )
        );
        return lost + batchLost == 0 ? 0 : 1;
    }

    private static async Task<(Distribution FromPost, Distribution From202, int Lost)> RunAsync(
        HttpClient http,
        Receiver.Host receiver,
        ConsoleProcess app,
        int rate,
        int seconds,
        int batch
    )
    {
        long before = await Load.CountAsync(http, receiver.Url);
        CoreTime start = CoreTime.Now();
        TimedEvents events = await TimedEvents.PostAsync(rate, seconds, batch, payloads => Load.PostAsync(app.Api, payloads));
        await Load.WaitAsync(http, receiver.Url, before + events.Accepted);
        Arrival[] arrivals = await receiver.TakeArrivalsAsync();
        Distribution fromPost = events.DueToArrival(arrivals);
        Distribution from202 = events.AnsweredToArrival(arrivals);
        string name = batch == 1 ? "singles" : $"batches of {batch}";
        Print($"{name}, post to 202", events.DueToAnswered);
        Print($"{name}, post to received", fromPost);
        Print($"{name}, 202 to received", from202);
        Console.WriteLine($"{name}: {events.Refused} refused; {CoreTime.Since(start)}");
        return (fromPost, from202, events.Accepted - fromPost.Count);
    }

    private static async Task<Distribution> BareAsync(HttpClient http, Receiver.Host receiver, int rate)
    {
        TimedEvents events = await TimedEvents.PostAsync(rate, BareSeconds, 1, payloads => http.PostAsync(receiver.Url, new StringContent(payloads[0])));
        await receiver.TakeArrivalsAsync();
        return events.DueToAnswered;
    }

    private static void Print(string what, Distribution distribution) => Console.WriteLine($"{what, -34} {distribution}");
}
