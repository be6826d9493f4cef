using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Browser;

/// <summary>The application as a process of its own, as a person starts it.</summary>
public sealed partial class ConsoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ProcessStartInfo _start;
    private readonly TestDatabase? _database;
    private readonly List<string> _lines = [];
    private TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process _process;
    private readonly TaskCompletionSource<string> _setupLink = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ConsoleProcess(ProcessStartInfo start, string folder, TestDatabase? database)
    {
        _start = start;
        _database = database;
        _process = new Process();
        Folder = folder;
    }

    /// <summary>Working directory; removed at the end.</summary>
    public string Folder { get; }

    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>Variables that point a command at its data.</summary>
    public Dictionary<string, string> Storage =>
        _start.Environment.Where(v => v.Key.StartsWith("Storage__", StringComparison.Ordinal)).ToDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal);

    /// <summary>The one-time link that it printed.</summary>
    public Task<string> SetupLinkAsync() => _setupLink.Task.WaitAsync(s_patience);

    /// <summary>Everything it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Starts <see cref="BuiltConsole"/> in an empty working directory.</summary>
    public static Task<ConsoleProcess> StartBuildAsync(Dictionary<string, string>? environment = null)
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-").FullName;
        TestDatabase? database = TestedDatabase.Kind == DatabaseKind.Sqlite ? null : TestDatabase.NewEmpty();
        Dictionary<string, string> all = new(BuiltConsole.Development, StringComparer.Ordinal);
        foreach (
            (string name, string value) in (database?.Environment ?? [])
                .Append(new("Storage__Directory", Path.Combine(folder, "data")))
                .Concat(environment ?? [])
        )
        {
            all[name] = value;
        }

        return StartAsync(BuiltConsole.Program, BuiltConsole.Prefix, folder, all, database);
    }

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Variables beside ours.</param>
    /// <param name="database">What goes with the process; null where the environment says where the data is.</param>
    public static async Task<ConsoleProcess> StartAsync(
        string program,
        string[] arguments,
        string folder,
        Dictionary<string, string> environment,
        TestDatabase? database = null
    )
    {
        ProcessStartInfo start = new(program, [.. arguments, $"--Urls=http://127.0.0.1:{Ports.Free()}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ConsoleProcess console = new(start, folder, database);
        try
        {
            await console.StartAsync();
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it, as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it with SIGTERM, as a service manager does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, with the same data at the same address.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        TaskCompletionSource<string> listening = _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = _start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The application ended:\n" + Output));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Url = new Uri(await listening.Task.WaitAsync(s_patience));
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        if (Listening().Match(line) is { Success: true } listening)
        {
            _listening.TrySetResult(listening.Groups["url"].Value);
        }

        if (SetupLink().Match(line) is { Success: true } link)
        {
            _setupLink.TrySetResult(link.Value);
        }
    }

    [GeneratedRegex(@"Now listening on: (?<url>[^\s""]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Listening();

    [GeneratedRegex(@"http://\S+/setup\?code=\w+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SetupLink();
}
