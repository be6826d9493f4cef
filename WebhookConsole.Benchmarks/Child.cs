using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Benchmarks;

/// <summary>A process of the benchmark; ended with it.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private bool _disposed;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Resident memory in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a .NET assembly beside this one and waits until it answers.</summary>
    public static async Task<Child> StartAsync(HttpClient http, string assembly, Uri ready, string[] args, Dictionary<string, string>? environment = null)
    {
        Child child = Start(assembly, args, environment, Console.Error.WriteLine);
        if (await child.AnswersAsync(http, ready, TimeSpan.FromSeconds(30)))
        {
            return child;
        }

        await child.DisposeAsync();
        throw new InvalidOperationException($"{assembly} did not answer at {ready}.");
    }

    /// <summary>Starts a .NET assembly beside this one and returns at once.</summary>
    /// <param name="errors">Gets what it writes to standard error, line by line.</param>
    public static Child Start(string assembly, string[] args, Dictionary<string, string>? environment, Action<string?> errors)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {assembly}.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => errors(line.Data);
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
                await Task.Delay(100);
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

    /// <summary>Ends it at once, as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_disposed && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _disposed = true;
        _process.Dispose();
    }
}
