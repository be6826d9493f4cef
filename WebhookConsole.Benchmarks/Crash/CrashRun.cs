using System.Diagnostics;
using System.Globalization;
using WebhookConsole.Benchmarks.Crash.Nodes;
using WebhookConsole.Data;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>
/// The soak: the application under a steady load is killed, stopped, starved of disk, database, receiver and true time; at the end
/// everything heals and the books of client, receiver and database must agree.
/// </summary>
internal static class CrashRun
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private const long MaxMemory = 400_000_000;
    private const int ForgetRequest = 1;
    private const int RepeatRequest = 2;
    private const int DeleteDelivery = 3;
    private static readonly int[] s_inFlight = [2, 4, 8, 32];
    private static readonly int[] s_schedule = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10];
    private static readonly TimeSpan s_stall = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["receiver", .. string[] rest])
        {
            return await LedgerReceiver.RunAsync(rest);
        }

        Options options = new(args);
        if (options.Take("nodes", 0) is > 0 and int nodes)
        {
            return await ClusterRun.RunAsync(options, nodes);
        }

        int minutes = options.Take("minutes", 2);
        int kills = options.Take("kills", minutes * 6);
        int seed = options.Take("seed", Environment.TickCount & 0xFFFF);
        int rate = options.Take("rate", 20);
        int sabotage = options.Take("sabotage", 0);
        bool clocked = options.Take("clock", 1) != 0 && File.Exists(FakeTime);
        options.DemandAllTaken();
        SqliteLibrary.Load();

        string folder = Directory.CreateTempSubdirectory("webhookconsole-crash-").FullName;
        string data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        string ledger = Path.Combine(folder, "ledger.txt");
        string clock = Path.Combine(folder, "clock");
        await File.WriteAllTextAsync(clock, "+0\n");
        await File.WriteAllTextAsync(ledger, "");
        SmallDisk? disk = SmallDisk.Mount(data, 200 + minutes * rate * 2);
        string skipped = string.Join('+', new[] { disk is null ? "disk" : null, clocked ? null : "clock" }.Where(s => s is not null));
        Console.WriteLine($"crash: seed {seed}, evidence in {folder}, skipped: {(skipped.Length == 0 ? "nothing" : skipped)}");
        if (skipped.Length > 0)
        {
            Console.WriteLine("A full disk needs root (tmpfs), a moved clock needs libfaketime and not --clock 0; what is missing is not tried.");
        }

        await using StreamWriter journal = new(Path.Combine(folder, "journal.txt"));
        await using StreamWriter log = new(Path.Combine(folder, "application.txt"));
        TextWriter safeLog = TextWriter.Synchronized(log);
        FaultLog faults = new(journal);
        Dictionary<string, string> settings = Settings(clocked ? clock : null);
        using HttpClient http = new();
        await using LedgerReceiver.Host receiver = new(http, ledger);
        await receiver.StartAsync();
        bool good;
        ConsoleProcess app = new(data, more: settings) { KeepData = true };
        await using (app)
        {
            Random random = new(seed);
            Killer killer = new(app, faults, random, safeLog.WriteLine);
            await killer.RunningAsync();
            string[] webhooks = [.. s_inFlight.Select(n => "w" + n.ToString(CultureInfo.InvariantCulture))];
            foreach ((string name, int inFlight) in webhooks.Zip(s_inFlight))
            {
                await app.AddWebhookAsync(name, new Uri(receiver.Url, name), inFlight, s_schedule);
            }

            using Posts posts = new([app.Api], faults);
            using CancellationTokenSource done = new();
            Task posting = Task.Run(() => posts.RunAsync(rate, done.Token));
            Surroundings around = new(data, clock, disk is not null, receiver, faults, random);
            await TroubleAsync(minutes, kills, killer, around, faults, posts);

            faults.Note("healing");
            await around.HealAsync();
            await killer.RunningAsync();
            await done.CancelAsync();
            if (await Task.WhenAny(posting, Task.Delay(s_stall)) != posting)
            {
                faults.Violation("posts are still not accepted");
            }

            string database = Path.Combine(data, "webhookconsole.db");
            if (sabotage == DeleteDelivery)
            {
                Books.DeleteOneDelivery(database);
            }

            double settled = await SettleAsync(database);
            await killer.StopAsync();
            killer.RemoveShared();
            List<Seen> seen = LedgerReceiver.Read(ledger);
            Sabotage(seen, sabotage);
            if (killer.Memory > MaxMemory)
            {
                faults.Violation($"it used {killer.Memory / 1_000_000} MB");
            }

            int killed = faults.Count(FaultLog.Kill);
            Verdict verdict = Verdict.Of(Books.Read(database), [.. posts.All.Values], seen, webhooks, faults, s_inFlight.Sum() * killed);
            foreach (string problem in verdict.Problems.Take(40))
            {
                Console.WriteLine(problem);
            }

            good = verdict is { Lost: 0, Stuck: 0, Unexplained: 0, Integrity: "ok" };
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"requests={seen.Count} memory={killer.Memory / 1_000_000}MB longestStop={killer.LongestStop:0.0}s longestStart={killer.LongestStart:0.0}s settled={settled:0}s {Counts(faults)}"
                )
            );
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"RESULT crash minutes={minutes} kills={killed} terms={faults.Count(FaultLog.Term)} accepted={posts.Accepted} lost={verdict.Lost} duplicates={verdict.Duplicates} unexplained={verdict.Unexplained} stuck={verdict.Stuck} integrity={verdict.Integrity} skipped={(skipped.Length == 0 ? "none" : skipped)} seed={seed}"
                )
            );
        }

        await receiver.DisposeAsync();
        if (good)
        {
            disk?.Dispose();
            Directory.Delete(folder, recursive: true);
            return 0;
        }

        Console.WriteLine($"The evidence stays in {folder}{(disk is null ? "" : " (unmount its data folder before you delete it)")}.");
        return 1;
    }

    private static Dictionary<string, string> Settings(string? clock)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            // A broken receiver is to be retried here, not to be disabled.
            ["AutoDisable__ConsecutiveServerErrors"] = "0",
            ["AutoDisable__FailingForHours"] = "0",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__Console__LogToStandardErrorThreshold"] = "Trace",
        };
        if (clock is not null)
        {
            // The wall clock follows the file at once; the monotonic one stays true, as in a machine whose clock is set.
            settings["LD_PRELOAD"] = FakeTime;
            settings["FAKETIME_TIMESTAMP_FILE"] = clock;
            settings["FAKETIME_NO_CACHE"] = "1";
            settings["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        return settings;
    }

    private static async Task TroubleAsync(int minutes, int kills, Killer killer, Surroundings around, FaultLog faults, Posts posts)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan length = TimeSpan.FromMinutes(minutes);

        // Three turns of four are kills, more or less; a little faster than needed.
        TimeSpan period = length / Math.Max(1, kills) * 0.7;
        TimeSpan progress = TimeSpan.FromSeconds(10);
        for (int turn = 1; watch.Elapsed < length || (faults.Count(FaultLog.Kill) < kills && watch.Elapsed < 2 * length); turn++)
        {
            around.Disturb();
            await killer.TurnAsync();
            TimeSpan ahead = period * turn - watch.Elapsed;
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead);
            }

            if (watch.Elapsed > progress)
            {
                progress = watch.Elapsed + TimeSpan.FromSeconds(10);
                Console.WriteLine(
                    $"{watch.Elapsed.TotalSeconds, 5:0} s: {posts.Accepted} accepted, {Counts(faults)}, {killer.Memory / 1_000_000} MB, {faults.Violations.Count} violations"
                );
            }
        }
    }

    private static string Counts(FaultLog faults) =>
        string.Join(", ", faults.Faults.GroupBy(f => f.Kind, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));

    // Seconds until nothing waits any more. A backlog may take its time as long as it shrinks; the verdict tells what is left.
    private static async Task<double> SettleAsync(string database)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan shrunk = TimeSpan.Zero;
        int least = int.MaxValue;
        while (Books.Waiting(database) is int waiting && waiting > 0 && watch.Elapsed - shrunk < s_stall)
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

    // Proves that the check can fail.
    private static void Sabotage(List<Seen> seen, int how)
    {
        Seen last = seen[^1];
        if (how == ForgetRequest)
        {
            seen.Remove(last);
        }
        else if (how == RepeatRequest)
        {
            seen.Add(last with { Request = Guid.NewGuid(), At = last.At + 60_000 });
        }
    }
}
