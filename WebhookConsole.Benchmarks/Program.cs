using System.Globalization;
using WebhookConsole.Benchmarks;
using WebhookConsole.Benchmarks.Bare;

CoreTime start = CoreTime.Now();
int exitCode = args switch
{
    ["throughput", .. string[] rest] => await WebhookConsole.Benchmarks.Throughput.ThroughputRun.RunAsync(new Options(rest)),
    ["cold", .. string[] rest] => await WebhookConsole.Benchmarks.Throughput.ColdRun.RunAsync(new Options(rest)),
    ["latency", .. string[] rest] => await Latency.RunAsync(new Options(rest)),
    ["isolation", .. string[] rest] => await Isolation.RunAsync(new Options(rest)),
    ["backlog", .. string[] rest] => await Backlog.RunAsync(new Options(rest)),
    ["consoles", .. string[] rest] => await WebhookConsole.Benchmarks.Consoles.OpenConsoles.RunAsync(new Options(rest)),
    ["memory", .. string[] rest] => await Memory.RunAsync(new Options(rest)),
    ["start", .. string[] rest] => await Start.RunAsync(new Options(rest)),
    ["history", .. string[] rest] => await WebhookConsole.Benchmarks.History.HistoryRun.RunAsync(new Options(rest)),
    ["telemetry", .. string[] rest] => await TelemetryCost.RunAsync(new Options(rest)),
    ["recover", .. string[] rest] => await Recover.RunAsync(new Options(rest)),
    ["hostile", .. string[] rest] => await WebhookConsole.Benchmarks.Hostile.HostileRun.RunAsync(new Options(rest)),
    ["receiver", string port] => await Receiver.RunAsync(port),
    ["loop", string port, string receiver, string file] => await BareLoop.RunAsync(port, new Uri(receiver), file),
    ["relay", string port, string receiver, string file, string slots, string answersFirst] => await BareRelay.RunAsync(
        port,
        new Uri(receiver),
        file,
        int.Parse(slots, CultureInfo.InvariantCulture),
        bool.Parse(answersFirst)
    ),
    ["scaling", .. string[] rest] => await WebhookConsole.Benchmarks.Scaling.ScalingRun.RunAsync(new Options(rest)),
    ["move", .. string[] rest] => await MoveRun.RunAsync(new Options(rest)),
    ["crash", .. string[] rest] => await WebhookConsole.Benchmarks.Crash.CrashRun.RunAsync(rest),
    _ => Usage(),
};

// A child's standard error is forwarded to that of the run.
if (args is not ([] or ["receiver" or "loop" or "relay", ..] or ["crash", "receiver", ..]))
{
    Console.Error.WriteLine(CoreTime.Since(start));
}

return exitCode;

static int Usage()
{
    Console.Error.WriteLine(
        "Usage: dotnet run -c Release --project WebhookConsole.Benchmarks -- RUN [--OPTION N]…  The runs: throughput, cold, latency, isolation, backlog, memory, start, history, consoles, telemetry, recover, scaling, move, crash, hostile."
    );
    return 1;
}
