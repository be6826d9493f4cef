using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Benchmarks;

/// <summary>A process of the benchmark; ended with it.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private bool _disposed;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => Status("VmRSS:");

    /// <summary>Resident memory in bytes that is not also in a file; the shared memory is the runtime's own.</summary>
    public long PrivateMemory => Status("RssAnon:") + Status("RssShmem:");

    /// <summary>Processor time used so far, of all cores. Says what something costs however busy the machine is with other things.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most resident memory in bytes since the start or the last <see cref="ForgetPeak"/>.</summary>
    public long PeakMemory => Status("VmHWM:");

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Starts a .NET assembly beside this one, or an executable, and waits until it answers.</summary>
    /// <param name="http">What asks for the answer.</param>
    /// <param name="program">Name of an assembly (<c>.dll</c>), or path of an executable.</param>
    /// <param name="ready">What is asked for.</param>
    /// <param name="args">Arguments of the process.</param>
    /// <param name="environment">Added to this process's own.</param>
    public static async Task<Child> StartAsync(HttpClient http, string program, Uri ready, string[] args, Dictionary<string, string>? environment = null)
    {
        Child child = Start(program, args, environment, Console.Error.WriteLine);
        Stopwatch watch = Stopwatch.StartNew();
        if (await child.AnswersAsync(http, ready, s_patience))
        {
            child.StartTime = watch.Elapsed;
            return child;
        }

        await child.DisposeAsync();
        throw new InvalidOperationException($"{program} did not answer at {ready}.");
    }

    /// <summary>Starts a .NET assembly beside this one, or an executable, and returns at once.</summary>
    /// <param name="program">Name of an assembly (<c>.dll</c>), or path of an executable.</param>
    /// <param name="args">Arguments of the process.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="errors">Gets what it writes to standard error, line by line.</param>
    public static Child Start(string program, string[] args, Dictionary<string, string>? environment, Action<string> errors)
    {
        bool assembly = program.EndsWith(".dll", StringComparison.Ordinal);
        ProcessStartInfo start = new(assembly ? "dotnet" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (assembly)
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        }

        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {program}.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            // Null is the end.
            if (line.Data is { } text)
            {
                errors(text);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Child(process);
    }

    /// <summary>Waits until it answers.</summary>
    /// <returns>False when it ended before, or the time was over.</returns>
    public async Task<bool> AnswersAsync(HttpClient http, Uri ready, TimeSpan limit)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < limit && !_process.HasExited; )
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(ready);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(5);
            }
        }

        return false;
    }

    /// <summary>Its exit code; null while it runs. 128 + n when signal n ended it.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Sends a signal by its name: TERM, STOP, CONT.</summary>
    public async Task SignalAsync(string name)
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>Waits until it ended.</summary>
    /// <returns>False when the time was over first.</returns>
    public async Task<bool> EndsAsync(TimeSpan limit)
    {
        using CancellationTokenSource over = new(limit);
        try
        {
            await _process.WaitForExitAsync(over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The peak of the memory counts from now (Linux).</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{Id}/clear_refs", "5");

    /// <summary>Ends it at once, as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_disposed && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    // proc_pid_status(5): a name, blanks, a number, "kB".
    private long Status(string name)
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _disposed = true;
        _process.Dispose();
    }
}
