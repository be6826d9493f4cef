using System.Diagnostics;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>
/// What happens to the nodes and to their database, at random and side by side; one node is always left alone, so that it can take over.
/// </summary>
internal sealed class Trouble(IReadOnlyList<Node> nodes, PostgresServer server, FaultLog faults, Takeovers takeovers, Random random)
{
    private static readonly TimeSpan s_cut = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_ready = TimeSpan.FromSeconds(60);
    private readonly List<Task> _running = [];
    private Task _database = Task.CompletedTask;

    /// <summary>Kills, restarts and cuts until the time is over; returns when everything has come back.</summary>
    public async Task RunAsync(TimeSpan length, Action<TimeSpan> progress)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            await DemandRunningAsync();
            Begin(random.Next(100));
            _running.RemoveAll(t => t.IsCompletedSuccessfully);
            progress(watch.Elapsed);
            await Task.Delay(random.Next(2_000, 9_000));
        }

        await Task.WhenAll([.. _running, _database]);
    }

    private void Begin(int choice)
    {
        if (choice < 15)
        {
            if (_database.IsCompletedSuccessfully)
            {
                _database = RestartDatabaseAsync(random.Next(2) == 0 ? "fast" : "immediate", random.Next(100, 3_000));
            }

            return;
        }

        Node[] free = [.. nodes.Where(n => !n.InTrouble)];
        if (free.Length < Math.Min(2, nodes.Count))
        {
            return;
        }

        Node node = free[random.Next(free.Length)];
        node.InTrouble = true;
        int moment = random.Next(100, 4_000);
        _running.Add(
            choice switch
            {
                < 40 => AloneAsync(node, FaultLog.Kill, () => KillAsync(node, moment)),
                < 58 => AloneAsync(node, FaultLog.Cut, () => CutAsync(node, late: moment % 2 == 0)),
                < 78 => AloneAsync(node, FaultLog.Pause, () => PauseAsync(node, TimeSpan.FromMilliseconds(12_000 + (2 * moment)))),
                _ => AloneAsync(node, FaultLog.Term, () => StopAsync(node)),
            }
        );
    }

    private async Task AloneAsync(Node node, string kind, Func<Task> work)
    {
        if (_database.IsCompletedSuccessfully)
        {
            await takeovers.NoteAsync(kind, node);
        }

        Fault fault = faults.Begin(kind, node.Name);
        Stopwatch watch = Stopwatch.StartNew();
        await work();
        faults.End(fault);
        faults.Note($"{node.Name} is back {watch.Elapsed.TotalSeconds:0.0} s after {kind}");
        node.InTrouble = false;
    }

    private async Task KillAsync(Node node, int moment)
    {
        await node.Child.KillAsync();
        await Task.Delay(moment);
        await StartAsync(node);
    }

    private async Task StopAsync(Node node)
    {
        Stopwatch watch = Stopwatch.StartNew();
        if (await node.StopAsync() is { } wrong)
        {
            // Without a database it may end with results that it could not record, and say so.
            bool away = faults.Any(FaultLog.Now - 30_000, FaultLog.Now, FaultLog.Database);
            if (away)
            {
                faults.Note(wrong);
            }
            else
            {
                faults.Violation(wrong);
            }
        }

        faults.Note($"{node.Name} stopped in {watch.Elapsed.TotalSeconds:0.0} s");
        await StartAsync(node);
    }

    private async Task CutAsync(Node node, bool late)
    {
        node.Line.Cut();
        await Task.Delay(s_cut);
        faults.Note($"{node.Name} is connected again, {(late ? "with what was sent meanwhile" : "old connections reset")}");
        node.Line.Mend(late);
        await DemandReadyAsync(node);
    }

    private async Task PauseAsync(Node node, TimeSpan length)
    {
        await node.Child.SignalAsync("STOP");
        await Task.Delay(length);
        faults.Note($"{node.Name} goes on after {length.TotalSeconds:0.0} s");
        await node.Child.SignalAsync("CONT");
        await DemandReadyAsync(node);
    }

    private async Task RestartDatabaseAsync(string mode, int moment)
    {
        Fault fault = faults.Begin(FaultLog.Database, mode);
        await server.StopAsync(mode);
        await Task.Delay(moment);
        await server.StartAsync();
        faults.End(fault);
    }

    private async Task StartAsync(Node node)
    {
        if (!await node.StartAsync())
        {
            faults.Violation($"{node.Name} does not become ready after its start: {(await node.ReadinessAsync()).Text}");
        }
    }

    private async Task DemandReadyAsync(Node node)
    {
        if (!await node.IsReadyInAsync(s_ready))
        {
            faults.Violation($"{node.Name} is not ready {s_ready.TotalSeconds:0} s after it came back: {(await node.ReadinessAsync()).Text}");
            await DemandRunningAsync(node);
        }
    }

    // A service manager starts it again, but no fault explains that it ended.
    private async Task DemandRunningAsync()
    {
        foreach (Node node in nodes.Where(n => !n.InTrouble))
        {
            await DemandRunningAsync(node);
        }
    }

    private async Task DemandRunningAsync(Node node)
    {
        if (node.Child.ExitCode is { } code)
        {
            faults.Violation($"{node.Name} ended by itself with exit code {code}");
            faults.Moment(FaultLog.Kill, $"{node.Name} (by itself)");
            await StartAsync(node);
        }
    }
}
