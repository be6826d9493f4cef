using System.Diagnostics;

namespace WebhookConsole.Tests.Receivers;

/// <summary>Runs a compiler or a syntax check to its end.</summary>
internal static class CompilerRun
{
    /// <returns>What it wrote to its output.</returns>
    public static async Task<string> RunAsync(string folder, string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Nothing may be fetched: what is compiled here needs only the standard library, or comes with a stub.
            Environment =
            {
                ["GOFLAGS"] = "-mod=mod",
                ["GOPROXY"] = "off",
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{await errors}");
        return output;
    }
}
