using System.Diagnostics;
using System.Globalization;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>
/// The soak of a cluster: two or three processes on one PostgreSQL under a steady load are killed, stopped, paused past their lease, cut off
/// from the database, and the database is restarted. At the end the books of client, receiver and database must agree, and no webhook may
/// ever have had more requests at a time than it allows.
/// </summary>
internal static class ClusterRun
{
    private const int MostNodes = 3;
    private const int RepeatRequest = 1;
    private const int ForgetRequest = 2;
    private const int OverlapRequest = 3;
    private const int FailingOneOf = 60;

    // How long a receiver takes, in milliseconds.
    private const int Shortest = 20;
    private const int Longest = 300;
    private static readonly int[] s_inFlight = [1, 1, 1, 2, 2, 2, 8, 8, 32];
    private static readonly int[] s_schedule = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10];
    private static readonly TimeSpan s_stall = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(Options options, int count)
    {
        int minutes = options.Take("minutes", 3);
        int seed = options.Take("seed", Environment.TickCount & 0xFFFF);
        int rate = options.Take("rate", 8);
        int sabotage = options.Take("sabotage", 0);
        string? program = options.TakeText("program");
        options.DemandAllTaken();
        if (count > MostNodes)
        {
            throw new ArgumentException($"--nodes is at most {MostNodes}.", nameof(count));
        }

        string folder = Directory.CreateTempSubdirectory("webhookconsole-crash-").FullName;
        Console.WriteLine($"crash: {count} nodes, seed {seed}, evidence in {folder}");
        await using StreamWriter journal = new(Path.Combine(folder, "journal.txt"));
        await using StreamWriter log = new(Path.Combine(folder, "application.txt"));
        TextWriter safeLog = TextWriter.Synchronized(log);
        FaultLog faults = new(journal);
        string ledger = Path.Combine(folder, "ledger.txt");
        await File.WriteAllTextAsync(ledger, "");
        using HttpClient http = new();
        await using LedgerReceiver.Host receiver = new(http, ledger, Shortest, Longest, FailingOneOf);
        await receiver.StartAsync();
        await using PostgresServer server = await PostgresServer.StartNewAsync();
        List<Node> nodes = [.. Enumerable.Range(1, count).Select(i => new Node(i, server, program, line => Write(safeLog, line)))];
        try
        {
            // All start at once, as after a power cut: one of them creates the tables.
            bool[] started = await Task.WhenAll(nodes.Select(n => n.StartAsync()));
            if (started.Contains(false))
            {
                Console.WriteLine($"The nodes did not become ready; see {folder}.");
                return 1;
            }

            Dictionary<string, int> webhooks = [];
            Dictionary<Guid, string> names = [];
            for (int i = 0; i < s_inFlight.Length; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"w{i}-{s_inFlight[i]}");
                webhooks[name] = s_inFlight[i];
                names[await nodes[i % count].Process.AddWebhookAsync(name, new Uri(receiver.Url, name), s_inFlight[i], s_schedule)] = name;
            }

            using Posts posts = new([.. nodes.Select(n => n.Api)], faults);
            using CancellationTokenSource done = new();
            Task posting = Task.Run(() => posts.RunAsync(rate, done.Token));
            Takeovers takeovers = new(server, names);
            Trouble trouble = new(nodes, server, faults, takeovers, new Random(seed));
            TimeSpan next = TimeSpan.Zero;
            await trouble.RunAsync(
                TimeSpan.FromMinutes(minutes),
                at =>
                {
                    if (at >= next)
                    {
                        next = at + TimeSpan.FromSeconds(15);
                        Console.WriteLine($"{at.TotalSeconds, 5:0} s: {posts.Accepted} accepted, {Counts(faults)}, {faults.Violations.Count} violations");
                    }
                }
            );

            faults.Note("healing");
            await done.CancelAsync();
            long last = FaultLog.Now;
            if (await Task.WhenAny(posting, Task.Delay(s_stall)) != posting)
            {
                faults.Violation("posts are still not accepted");
            }

            double settled = await SettleAsync(server);
            await DemandReadyAsync(nodes, faults);
            string memory = string.Join('/', nodes.Select(n => n.Child.Memory / 1_000_000));
            foreach (Node node in nodes)
            {
                if (await node.StopAsync() is { } wrong)
                {
                    faults.Violation(wrong);
                }
            }

            List<Seen> seen = LedgerReceiver.Read(ledger);
            Sabotage(seen, sabotage);
            int interrupting = faults.Faults.Count(f => f.Kind is not FaultLog.Term);
            Verdict verdict = Verdict.Of(
                await Books.ReadAsync(server),
                [.. posts.All.Values],
                seen,
                [.. webhooks.Keys],
                faults,
                s_inFlight.Sum() * interrupting
            );
            IReadOnlyList<string> overlaps = Overlaps.Find(seen, webhooks);
            foreach (string line in overlaps.Concat(verdict.Problems).Take(40).Concat(takeovers.Lines(seen, last)))
            {
                Console.WriteLine(line);
            }

            foreach (IGrouping<int, string> allowed in webhooks.Keys.GroupBy(w => webhooks[w]))
            {
                Console.WriteLine($"maxInFlight {allowed.Key}: at most {allowed.Max(w => Overlaps.Peak(seen, w))} requests at a time");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"requests={seen.Count} memory={memory}MB settled={settled:0}s {Counts(faults)}"));
            Console.WriteLine(
                $"RESULT crash nodes={count} minutes={minutes} {Counts(faults).Replace(", ", " ", StringComparison.Ordinal)} accepted={posts.Accepted} lost={verdict.Lost} overlaps={overlaps.Count} duplicates={verdict.Duplicates} most={verdict.MostDuplicates} refused-and-stored={verdict.RefusedAndStored} unexplained={verdict.Unexplained} stuck={verdict.Stuck} seed={seed}"
            );
            if (verdict is { Lost: 0, Stuck: 0, Unexplained: 0 } && overlaps.Count == 0)
            {
                Directory.Delete(folder, recursive: true);
                return 0;
            }
        }
        finally
        {
            foreach (Node node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        Console.WriteLine($"The evidence stays in {folder}.");
        return 1;
    }

    private static void Write(TextWriter log, string line)
    {
        log.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        log.Flush();
    }

    private static string Counts(FaultLog faults) =>
        string.Join(", ", faults.Faults.GroupBy(f => f.Kind, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));

    // Seconds until nothing waits any more. A backlog may take its time as long as it shrinks; the verdict says what is left.
    private static async Task<double> SettleAsync(PostgresServer server)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan shrunk = TimeSpan.Zero;
        int least = int.MaxValue;
        while (await Books.WaitingAsync(server) is int waiting && waiting > 0 && watch.Elapsed - shrunk < s_stall)
        {
            if (waiting < least)
            {
                least = waiting;
                shrunk = watch.Elapsed;
            }

            await Task.Delay(500);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task DemandReadyAsync(List<Node> nodes, FaultLog faults)
    {
        foreach (Node node in nodes)
        {
            if (!await node.IsReadyInAsync(TimeSpan.FromSeconds(60)))
            {
                faults.Violation($"{node.Name} is not ready at the end: {(await node.ReadinessAsync()).Text}");
            }
        }
    }

    // Proves that the check can fail.
    private static void Sabotage(List<Seen> seen, int how)
    {
        Seen one = seen.FindLast(s => s.Webhook.EndsWith("-1", StringComparison.Ordinal) && s.Status == 200)!;
        switch (how)
        {
            case RepeatRequest:
                seen.Add(one with { Request = Guid.NewGuid(), At = one.At + 60_000, End = one.At + 60_100 });
                break;
            case ForgetRequest:
                seen.RemoveAll(s => s.Webhook == one.Webhook && s.Event == one.Event);
                break;
            case OverlapRequest:
                seen.Add(one with { At = one.At + 1 });
                break;
            default:
                break;
        }
    }
}
