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

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => Status("VmRSS:");

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

        Stopwatch watch = Stopwatch.StartNew();
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {program}.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Child child = new(process);
        while (watch.Elapsed < s_patience && !process.HasExited)
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(ready);
                child.StartTime = watch.Elapsed;
                return child;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20);
            }
        }

        await child.DisposeAsync();
        throw new InvalidOperationException($"{program} did not answer at {ready}.");
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
        if (!_process.HasExited)
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
        _process.Dispose();
    }
}
