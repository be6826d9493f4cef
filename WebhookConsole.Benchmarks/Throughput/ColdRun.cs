using System.Diagnostics;
using System.Globalization;
using WebhookConsole.Benchmarks.Bare;

namespace WebhookConsole.Benchmarks.Throughput;

/// <summary>
/// What the published file delivers in the first seconds after a start on an empty folder, measured against the warm bare loop in the
/// same run. A round that is not counted comes first: it reads the files from the disk and warms up the loader and the receiver.
/// </summary>
internal static class ColdRun
{
    private const int WarmUp = 40_000;

    // How many accepted events may not have arrived yet. This is enough to keep the application busy; more would measure how it takes events, not how
    // it delivers them.
    private const int Ahead = 5000;
    private const int Posters = 4;

    public static async Task<int> RunAsync(Options options)
    {
        int rounds = options.Take("rounds", 3);
        int seconds = options.Take("seconds", 10);
        int requests = options.Take("raw", 60_000);
        int inFlight = options.Take("in-flight", 100);
        string program = options.TakeText("program") ?? ConsoleProcess.PublishedFile;
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        await using Yardsticks bare = await Yardsticks.StartAsync(receiver);
        Side loop = bare.Loop(inFlight);
        await loop.WarmUpAsync(WarmUp);
        await StartAndDeliverAsync(program, receiver, inFlight, seconds);
        List<Cold> all = [];
        for (int i = 0; i < rounds; i++)
        {
            await loop.TakeTurnAsync(requests);
            all.Add(await StartAndDeliverAsync(program, receiver, inFlight, seconds));
            Console.WriteLine(all[^1]);
        }

        await loop.TakeTurnAsync(requests);
        Console.WriteLine(loop.Report());
        double rate = all.Average(c => c.Rate);
        string each = string.Join(',', all.Select(c => (c.Rate / loop.Rate).ToString("0.000", CultureInfo.InvariantCulture)));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT cold program={program} seconds={seconds} ratio={rate / loop.Rate:0.000} rounds={each} rate={rate:0}/s raw={loop.Rate:0}/s first_answer={all.Average(c => c.Start.TotalMilliseconds):0}ms worst_answer={all.Max(c => c.Answers.Max):0}ms"
            )
        );
        return 0;
    }

    // The clock runs from the first answer of the process: creating the webhook is part of it.
    private static async Task<Cold> StartAndDeliverAsync(string program, Receiver.Host receiver, int inFlight, int seconds)
    {
        long before = await Load.CountAsync(receiver.Http, receiver.Url);
        await using ConsoleProcess app = new(program: program);
        await app.StartAsync();
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan cpu = app.Child.Cpu;
        await app.AddWebhooksAsync(1, receiver.Url, inFlight);
        List<double> answers = [];
        long posted = 0;
        long arrived = 0;
        bool over = false;
        Task[] posters = [.. Enumerable.Range(0, Posters).Select(_ => PostAsync())];
        List<long> perSecond = [];
        long last = 0;
        while (perSecond.Count < seconds)
        {
            await Task.Delay(10);
            Volatile.Write(ref arrived, await Load.CountAsync(receiver.Http, receiver.Url) - before);
            if (watch.Elapsed.TotalSeconds >= perSecond.Count + 1)
            {
                perSecond.Add(arrived - last);
                last = arrived;
            }
        }

        double rate = arrived / watch.Elapsed.TotalSeconds;
        double cost = (app.Child.Cpu - cpu).TotalMicroseconds / arrived;
        Volatile.Write(ref over, true);
        await Task.WhenAll(posters);
        return new Cold(rate, perSecond, cost, app.Child.StartTime, new Distribution(answers));

        async Task PostAsync()
        {
            while (!Volatile.Read(ref over))
            {
                if (Interlocked.Read(ref posted) - Volatile.Read(ref arrived) > Ahead)
                {
                    await Task.Delay(2);
                    continue;
                }

                Interlocked.Add(ref posted, Load.BatchSize);
                double[] milliseconds = await Load.PostBatchesAsync(app.Api, Load.BatchSize);
                lock (answers)
                {
                    answers.AddRange(milliseconds);
                }
            }
        }
    }

    private sealed record Cold(double Rate, List<long> PerSecond, double Cost, TimeSpan Start, Distribution Answers)
    {
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"  cold        {Rate, 8:N0} deliveries/s, application {Cost:0.0} µs each, first answer {Start.TotalMilliseconds:0} ms, each second {string.Join(' ', PerSecond)}\n{"", -14}answers {Answers}"
            );
    }
}
