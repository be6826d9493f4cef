using System.Globalization;

namespace WebhookConsole.Benchmarks.Consoles;

/// <summary>
/// Many open consoles with a live list while events come in (specification §16): what they cost in memory, how quickly their inputs are
/// answered, and how they affect delivery. Phases without and with consoles alternate on the same process.
/// </summary>
internal static class OpenConsoles
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";
    private const string Events = "/p/default/events";
    private const int WarmUp = 5000;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(Options options)
    {
        int consoles = options.Take("consoles", 100);
        int rate = options.Take("rate", 1000);
        int seconds = options.Take("seconds", 20);
        int inFlight = options.Take("in-flight", 100);
        options.DemandAllTaken();

        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        await using ConsoleProcess app = new(
            more: new()
            {
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Console__MaxCircuitsPerUser"] = (consoles + 10).ToString(CultureInfo.InvariantCulture),
                ["Console__MaxCircuits"] = (consoles + 10).ToString(CultureInfo.InvariantCulture),
            }
        );
        await app.StartAsync();
        await app.AddWebhooksAsync(1, receiver.Url, inFlight);
        long target = await Load.CountAsync(http, receiver.Url) + WarmUp;
        await Load.PostSinglesAsync(app.Api, WarmUp);
        await Load.WaitAsync(http, receiver.Url, target);
        await receiver.TakeArrivalsAsync();

        Phase before = await DeliverAsync(app, receiver, rate, seconds);
        Print("without consoles", before);
        using SignedIn person = await SignedIn.AsAsync(app.Address, Email, Password);
        List<CircuitClient> open = [];
        List<double> opened = [];
        try
        {
            for (int i = 0; i < consoles; i++)
            {
                long start = System.Diagnostics.Stopwatch.GetTimestamp();
                open.Add(await CircuitClient.OpenAsync(person.Http, new Uri(app.Address, Events), person.Cookies));
                opened.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            Console.WriteLine($"{consoles} consoles open, {app.Child.Memory >> 20} MB");
            Console.WriteLine($"until live        first {opened[0]:0} ms, others {new Distribution(opened.Skip(1))}");
            app.Child.ForgetPeak();
            using CancellationTokenSource over = new();
            Task<List<double>>[] people = [.. open.Select((console, i) => UseAsync(console, i, consoles, over.Token))];
            Phase with = await DeliverAsync(app, receiver, rate, seconds);
            await over.CancelAsync();
            Distribution inputs = new((await Task.WhenAll(people)).SelectMany(times => times));
            long memory = app.Child.PeakMemory >> 20;
            Print($"with {consoles} consoles", with);
            Console.WriteLine($"inputs            {inputs}");
            Console.WriteLine(
                $"render batches    {open.Sum(c => c.Batches)} of {open.Sum(c => c.Bytes) / Math.Max(1, open.Sum(c => c.Batches)) / 1024.0:0.0} KB each"
            );
            string[] failures = [.. open.Select(c => c.Failure).OfType<string>().Distinct()];
            Array.ForEach(failures, Console.Error.WriteLine);
            double ratio = with.PerSecond / before.PerSecond;
            bool met = failures.Length == 0 && memory <= 1024 && inputs.Max <= 100 && ratio >= 0.9;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"RESULT consoles open={consoles} rate={rate}/s memory={memory}MB (goal <=1024) input_p50={inputs.P50:0.0}ms input_p99={inputs.P99:0.0}ms input_max={inputs.Max:0.0}ms (goal <=100) delivered={with.PerSecond:0}/s without={before.PerSecond:0}/s ratio={ratio:0.00} (goal >=0.9) p99_with={with.Latency.P99:0.0}ms p99_without={before.Latency.P99:0.0}ms goals={(met ? "met" : "missed")}"
                )
            );
            return failures.Length == 0 ? 0 : 1;
        }
        finally
        {
            foreach (CircuitClient console in open)
            {
                await console.DisposeAsync();
            }
        }
    }

    // Each chooses another filter every few seconds, not all at the same moment.
    private static async Task<List<double>> UseAsync(CircuitClient console, int number, int of, CancellationToken over)
    {
        List<double> times = [];
        try
        {
            await Task.Delay(s_pause * number / of, over);
            for (int i = 0; ; i++)
            {
                times.Add((await console.FollowAsync(i % 2 == 0 ? Events + "?status=succeeded" : Events)).TotalMilliseconds);
                await Task.Delay(s_pause, over);
            }
        }
        catch (OperationCanceledException)
        {
            return times;
        }
    }

    private static async Task<Phase> DeliverAsync(ConsoleProcess app, Receiver.Host receiver, int rate, int seconds)
    {
        TimeSpan cpu = app.Child.Cpu;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        long before = await Load.CountAsync(receiver.Http, receiver.Url);
        TimedEvents events = await TimedEvents.PostAsync(rate, seconds, 1, payloads => Load.PostAsync(app.Api, payloads));
        await Load.WaitAsync(receiver.Http, receiver.Url, before + events.Accepted);
        double took = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Phase(
            events.DueToArrival(await receiver.TakeArrivalsAsync()),
            events.Accepted / took,
            (app.Child.Cpu - cpu).TotalSeconds / took,
            events.Refused
        );
    }

    private static void Print(string what, Phase phase) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -18}{phase.Latency}  {phase.PerSecond, 6:0} deliveries/s, {phase.Refused} refused, {phase.Cores:0.00} cores"
            )
        );

    private sealed record Phase(Distribution Latency, double PerSecond, double Cores, int Refused);
}
