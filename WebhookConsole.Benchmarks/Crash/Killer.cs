using System.Diagnostics;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>Kills and stops the application at random moments, and keeps it running otherwise, as a service manager does.</summary>
internal sealed class Killer(ConsoleProcess app, FaultLog faults, Random random, Action<string> errors)
{
    // Long, as the run is meant for a low priority beside others; what it took is in the figures.
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(2);

    private long _spawned;
    private bool _ended = true;
    private int _id;

    /// <summary>The largest resident memory seen, in bytes.</summary>
    public long Memory { get; private set; }

    /// <summary>The longest stop and start, in seconds.</summary>
    public double LongestStop { get; private set; }

    /// <inheritdoc cref="LongestStop"/>
    public double LongestStart { get; private set; }

    /// <summary>One turn: sees that the application runs, waits a moment, and perhaps ends it.</summary>
    public async Task TurnAsync()
    {
        int choice = random.Next(100);
        int moment = random.Next(100, 3_500);
        if (choice < 20)
        {
            // In the middle of the start.
            await SpawnAsync();
            await Task.Delay(moment);
            await KillAsync("while it starts");
            return;
        }

        await RunningAsync();
        await Task.Delay(moment);
        Memory = Math.Max(Memory, app.Child.ExitCode is null ? app.Child.Memory : 0);
        switch (choice)
        {
            case < 60:
                await KillAsync("at work");
                break;
            case < 72:
                await app.Child.SignalAsync("TERM");
                await Task.Delay(moment / 3);
                await KillAsync("while it stops");
                break;
            case < 88:
                await StopAsync();
                break;
            default:
                break;
        }
    }

    /// <summary>Waits until it answers; starts it where it ended.</summary>
    public async Task RunningAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        bool fresh = _ended;
        do
        {
            await SpawnAsync();
        } while (!await app.AnswersAsync(s_start) && watch.Elapsed < s_start);
        if (app.Child.ExitCode is not null || watch.Elapsed >= s_start)
        {
            faults.Violation($"it does not answer {watch.Elapsed.TotalSeconds:0} s after its start");
        }
        else if (fresh && !faults.Any(_spawned, FaultLog.Now, FaultLog.Disk, FaultLog.Lock))
        {
            LongestStart = Math.Max(LongestStart, watch.Elapsed.TotalSeconds);
        }
    }

    /// <summary>SIGTERM; to be over in time and with exit code 0.</summary>
    public async Task StopAsync()
    {
        Fault fault = faults.Begin(FaultLog.Term);
        Stopwatch watch = Stopwatch.StartNew();
        await app.Child.SignalAsync("TERM");
        bool inTime = await app.Child.EndsAsync(s_stop + s_measured);
        LongestStop = Math.Max(LongestStop, watch.Elapsed.TotalSeconds);
        faults.End(fault);
        bool away = faults.Any(fault.From - 1_000, fault.To, FaultLog.Disk, FaultLog.Lock);
        if (!inTime)
        {
            faults.Violation($"SIGTERM: still there after {watch.Elapsed.TotalSeconds:0.0} s");
            await KillAsync("as it does not stop");
        }
        else if (app.Child.ExitCode != 0)
        {
            faults.Violation($"SIGTERM: exit code {app.Child.ExitCode}");
        }
        else if (away)
        {
            // It may stop with results that no database took; what they are about is due again.
            faults.Moment(FaultLog.Kill, "(stopped without a database)");
        }

        _ended = true;
    }

    private async Task KillAsync(string when)
    {
        faults.Moment(FaultLog.Kill, when);
        await app.Child.KillAsync();
        _ended = true;
    }

    /// <summary>libfaketime keeps a piece of shared memory for each process, which a killed one leaves behind.</summary>
    public void RemoveShared()
    {
        File.Delete($"/dev/shm/faketime_shm_{_id}");
        File.Delete($"/dev/shm/sem.faketime_sem_{_id}");
    }

    private async Task SpawnAsync()
    {
        if (!_ended && app.Child.ExitCode is null)
        {
            return;
        }

        if (!_ended)
        {
            // It may refuse to start where it cannot write; the service manager starts it again.
            string text = $"it ended by itself with exit code {app.Child.ExitCode}";
            if (faults.Any(_spawned, FaultLog.Now, FaultLog.Disk, FaultLog.Lock))
            {
                faults.Moment(FaultLog.Kill, text);
            }
            else
            {
                faults.Violation(text);
            }

            await Task.Delay(300);
        }

        _spawned = FaultLog.Now;
        RemoveShared();
        await app.SpawnAsync(errors);
        _id = app.Child.Id;
        _ended = false;
    }
}
