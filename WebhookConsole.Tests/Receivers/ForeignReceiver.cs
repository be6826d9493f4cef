using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Receivers;

/// <summary>
/// A receiver that we did not write, as a process of its own on a loopback port: the proof that others accept what we sign.
/// Disposing it ends the process.
/// </summary>
public sealed class ForeignReceiver : IAsyncDisposable
{
    private const string PlaceholderSecret = "whsec_your_secret_here";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Receivers");

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string? _copy;

    private ForeignReceiver(ProcessStartInfo start, int port, string path, string? copy)
    {
        Uri = new Uri($"http://127.0.0.1:{port}{path}");
        _copy = copy;
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Where to POST to.</summary>
    public Uri Uri { get; }

    /// <summary>What the process has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The Express receiver of the Novee document, as printed, with only secret and port replaced.</summary>
    public static async Task<ForeignReceiver> StartNoveeExpressAsync(string secret)
    {
        RequiredTool.Node.Demand();
        string node = await NodeModules.InstalledAsync(Path.Combine(s_folder, "node"));
        int port = Ports.Free();
        string copy = await CopyAsync(Path.Combine(node, "novee-express.js"), port, secret, ("3000", $"{port}"));
        return await StartAsync(new ProcessStartInfo("node", [copy]), port, "/webhook", copy);
    }

    /// <summary>The Flask receiver of the Novee document, its indentation restored, with only the secret replaced.</summary>
    public static async Task<ForeignReceiver> StartNoveeFlaskAsync(string secret)
    {
        RequiredTool.Flask.Demand();
        int port = Ports.Free();
        string copy = await CopyAsync(Path.Combine(s_folder, "python", "novee_flask.py"), port, secret);
        return await StartAsync(
            new ProcessStartInfo(RequiredTool.Flask.File, ["-m", "flask", "--app", copy, "run", "--port", $"{port}"]),
            port,
            "/webhook",
            copy
        );
    }

    /// <summary>The npm package <c>standardwebhooks</c> (path <c>/standard</c>) or <c>svix</c> (path <c>/svix</c>).</summary>
    public static async Task<ForeignReceiver> StartPackageAsync(string path, string secret)
    {
        RequiredTool.Node.Demand();
        string node = await NodeModules.InstalledAsync(Path.Combine(s_folder, "node"));
        int port = Ports.Free();
        var start = new ProcessStartInfo("node", [Path.Combine(node, "packages.js")]) { Environment = { ["WEBHOOK_SECRET"] = secret, ["PORT"] = $"{port}" } };
        return await StartAsync(start, port, path, null);
    }

    /// <summary>A program that reads its secret and its port from the environment.</summary>
    public static async Task<ForeignReceiver> StartAsync(Func<int, ProcessStartInfo> program, string secret)
    {
        int port = Ports.Free();
        ProcessStartInfo start = program(port);
        (start.Environment["WEBHOOK_SECRET"], start.Environment["PORT"]) = (secret, $"{port}");
        return await StartAsync(start, port, "/hooks/in", null);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_copy is not null)
        {
            File.Delete(_copy);
        }
    }

    // Beside the original, so that it finds the same modules; the port makes the name unique.
    private static async Task<string> CopyAsync(string file, int port, string secret, params (string Old, string New)[] replacements)
    {
        string text = await File.ReadAllTextAsync(file);
        foreach ((string old, string replacement) in replacements.Append((PlaceholderSecret, secret)))
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        string copy = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}_{port}{Path.GetExtension(file)}");
        await File.WriteAllTextAsync(copy, text);
        return copy;
    }

    private static async Task<ForeignReceiver> StartAsync(ProcessStartInfo start, int port, string path, string? copy)
    {
        var receiver = new ForeignReceiver(start, port, path, copy);
        receiver._process.Start();
        receiver._process.BeginOutputReadLine();
        receiver._process.BeginErrorReadLine();
        try
        {
            await receiver.WaitUntilListeningAsync();
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilListeningAsync()
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended before it listened:\n{Output}");
            }

            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Uri.Port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(begin) < s_startLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
