using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>One process of the cluster with its own data folder and its own way to the database.</summary>
internal sealed class Node : IAsyncDisposable
{
    private const string Key = "benchmark-cluster-key-0123456789-0123456789";
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(17);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConsoleProcess _process;
    private readonly Action<string> _errors;

    /// <param name="number">From 1.</param>
    /// <param name="server">The database.</param>
    /// <param name="program">The published file; null for the build.</param>
    /// <param name="errors">Gets what the process writes to standard error.</param>
    public Node(int number, PostgresServer server, string? program, Action<string> errors)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"node-{number}");
        Line = new Line(server.Port);
        _errors = line => errors($"{Name} {line}");
        _process = new ConsoleProcess(
            program: program,
            more: new(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["Storage__ConnectionString"] = PostgresServer.ConnectionStringAt(Line.Port),
                ["Cluster__Enabled"] = "true",
                ["Cluster__Key"] = Key,
                ["Cluster__NodeName"] = Name,

                // A receiver that fails now and then is to be retried here, not to be disabled.
                ["AutoDisable__ConsecutiveServerErrors"] = "0",
                ["AutoDisable__FailingForHours"] = "0",
                ["Logging__Console__LogToStandardErrorThreshold"] = "Trace",
            }
        );
    }

    public string Name { get; }

    public Line Line { get; }

    public HttpClient Api => _process.Api;

    public ConsoleProcess Process => _process;

    public Child Child => _process.Child;

    /// <summary>True while a trouble is acting on it.</summary>
    public bool InTrouble { get; set; }

    /// <summary>Starts it, and, as a service manager does, starts it again if it ends by itself.</summary>
    /// <returns>False when it does not become ready in time.</returns>
    public async Task<bool> StartAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_start)
        {
            await _process.SpawnAsync(_errors);
            if (await _process.AnswersAsync(s_start) && await IsReadyInAsync(s_start - watch.Elapsed))
            {
                return true;
            }

            await Task.Delay(s_look);
        }

        return false;
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    public async Task<bool> IsReadyInAsync(TimeSpan limit)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < limit && Child.ExitCode is null; await Task.Delay(s_look))
        {
            if ((await ReadinessAsync()).Status == HttpStatusCode.OK)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What <c>/health/ready</c> answers now; no status if it does not answer.</summary>
    public async Task<(HttpStatusCode? Status, string Text)> ReadinessAsync()
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(_process.Address, "health/ready"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>What was wrong with how it ended; null if nothing was.</returns>
    public async Task<string?> StopAsync()
    {
        await Child.SignalAsync("TERM");
        if (!await Child.EndsAsync(s_stop))
        {
            await Child.KillAsync();
            return $"{Name} was still there {s_stop.TotalSeconds:0} s after SIGTERM";
        }

        return Child.ExitCode == 0 ? null : $"{Name} ended with exit code {Child.ExitCode} after SIGTERM";
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Line.DisposeAsync();
        _http.Dispose();
    }
}
