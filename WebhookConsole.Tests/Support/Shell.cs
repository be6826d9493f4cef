using System.Diagnostics;
using System.Text;

namespace WebhookConsole.Tests.Support;

/// <summary>The POSIX shell of this machine, to see what it makes of a command.</summary>
internal static class Shell
{
    /// <returns>What the script wrote to standard output.</returns>
    public static string Run(string script)
    {
        ProcessStartInfo start = new("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
