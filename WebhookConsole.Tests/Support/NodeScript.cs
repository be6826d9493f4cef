using System.Diagnostics;
using System.Text.Json;

namespace WebhookConsole.Tests.Support;

/// <summary>Runs a line of JavaScript as an independent witness.</summary>
public static class NodeScript
{
    /// <summary>Evaluates <paramref name="body"/> with <c>input</c> parsed from JSON and returns what it returns.</summary>
    public static TResult Run<TResult>(string body, object input)
    {
        RequiredTool.Node.Demand();
        string script =
            $"const input = JSON.parse(require('fs').readFileSync(0, 'utf8')); const f = () => {{ {body} }}; process.stdout.write(JSON.stringify(f()));";
        using var process = Process.Start(
            new ProcessStartInfo("node", ["-e", script])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        process.StandardInput.Write(JsonSerializer.Serialize(input));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<TResult>(output)!;
    }
}
