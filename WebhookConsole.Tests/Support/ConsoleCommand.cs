using System.Diagnostics;

namespace WebhookConsole.Tests.Support;

/// <summary>What a run of the command line printed, and its exit code.</summary>
public sealed record CommandResult(int Code, string Output, string Errors);

/// <summary>The built application as a process that is expected to end.</summary>
public static class ConsoleCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside ours.</param>
    /// <param name="arguments">Verb, options and settings.</param>
    /// <param name="input">Standard input.</param>
    public static Task<CommandResult> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments, string input = "") =>
        RunAsync(BuiltConsole.Start(arguments), environment, input);

    /// <summary>With all that it prints in a file instead of the result.</summary>
    public static Task<CommandResult> RunWithLogAsync(string log, params string[] arguments) =>
        RunAsync(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, BuiltConsole.Program, .. BuiltConsole.Prefix, .. arguments]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            new Dictionary<string, string>(),
            ""
        );

    private static async Task<CommandResult> RunAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment, string input)
    {
        start.RedirectStandardInput = true;
        start.WorkingDirectory = Path.GetTempPath();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"It did not end: {await output}{await errors}");
        }

        return new CommandResult(process.ExitCode, await output, await errors);
    }
}
