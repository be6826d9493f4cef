using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>What goes wrong around the application: its disk, its database file, its clock, its receiver. Each kind one at a time, several kinds together.</summary>
internal sealed class Surroundings(string data, string clockFile, bool disk, LedgerReceiver.Host receiver, FaultLog faults, Random random)
{
    private static readonly int[] s_offsets = [-7200, -600, -120, 0, 0, 120, 1800, 10_800];

    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);

    /// <summary>Starts one of the troubles, unless it is there already; it ends by itself.</summary>
    public void Disturb()
    {
        // Drawn here, in the order of the calls, so that a seed gives the same troubles again.
        int length = random.Next(1_500, 9_000);
        int choice = random.Next(100);
        int offset = s_offsets[random.Next(s_offsets.Length)];
        int small = random.Next(2);
        (string kind, Func<Task> trouble) = choice switch
        {
            < 15 => ("receiver", (Func<Task>)(() => DeadAsync(length))),
            < 30 => ("receiver", () => HangAsync(length)),
            < 45 => ("receiver", () => BrokenAsync(length)),
            < 60 => ("disk", () => FullAsync(length, small * 300_000)),
            < 80 => ("lock", () => LockAsync(length)),
            _ => ("clock", () => StepAsync(offset)),
        };
        if ((kind != "disk" || disk) && _running.GetValueOrDefault(kind) is null or { IsCompleted: true })
        {
            _running[kind] = Task.Run(trouble);
        }
    }

    /// <summary>Waits for the end of all and sets the clock right, which is a step too.</summary>
    public async Task HealAsync()
    {
        await Task.WhenAll(_running.Values);
        await StepAsync(0);
    }

    private async Task DeadAsync(int length)
    {
        Fault fault = faults.Begin(FaultLog.Dead);
        await receiver.Child.DisposeAsync();
        await Task.Delay(length);
        await receiver.StartAsync();
        faults.End(fault);
    }

    private async Task HangAsync(int length)
    {
        Fault fault = faults.Begin(FaultLog.Hang);
        await receiver.Child.SignalAsync("STOP");
        await Task.Delay(length * 2);
        await receiver.Child.SignalAsync("CONT");
        faults.End(fault);
    }

    private async Task BrokenAsync(int length)
    {
        Fault fault = faults.Begin(FaultLog.Broken);
        await receiver.AnswerAsync(500);
        await Task.Delay(length);
        await receiver.AnswerAsync(200);
        faults.End(fault);
    }

    private async Task FullAsync(int length, long left)
    {
        Fault fault = faults.Begin(FaultLog.Disk);
        string ballast = Path.Combine(data, "ballast");
        try
        {
            long free = new DriveInfo(data).AvailableFreeSpace - left;
            await using FileStream file = new(
                ballast,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    PreallocationSize = Math.Max(1, free),
                }
            );
            await Task.Delay(length);
        }
        catch (IOException exception)
        {
            // The application took the room first; the next time.
            faults.Note(exception.Message);
        }
        finally
        {
            File.Delete(ballast);
            faults.End(fault);
        }
    }

    private async Task LockAsync(int length)
    {
        try
        {
            await using SqliteConnection connection = new($"Data Source={Path.Combine(data, "webhookconsole.db")};Mode=ReadWrite;Pooling=False");
            await connection.OpenAsync();
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            Fault fault = faults.Begin(FaultLog.Lock);
            await Task.Delay(length);
            command.CommandText = "ROLLBACK";
            await command.ExecuteNonQueryAsync();
            faults.End(fault);
        }
        catch (SqliteException exception)
        {
            faults.Note("no lock: " + exception.Message);
        }
    }

    private async Task StepAsync(int offset)
    {
        string text = offset.ToString("+0;-0;+0", CultureInfo.InvariantCulture);
        faults.Moment(FaultLog.Clock, text);
        string next = clockFile + ".next";
        await File.WriteAllTextAsync(next, text + "\n");
        File.Move(next, clockFile, overwrite: true);
    }
}

/// <summary>A file system of its own for the data, so that filling it harms nobody else.</summary>
internal sealed class SmallDisk(string folder) : IDisposable
{
    /// <summary>Null where this user may not mount.</summary>
    public static SmallDisk? Mount(string folder, int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        string size = megabytes.ToString(CultureInfo.InvariantCulture);
        using Process mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={size}m", "none", folder]);
        mount.WaitForExit();
        return mount.ExitCode == 0 ? new SmallDisk(folder) : null;
    }

    public void Dispose()
    {
        using Process umount = Process.Start("umount", [folder]);
        umount.WaitForExit();
    }
}
