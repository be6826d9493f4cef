using System.Diagnostics;
using System.Text.RegularExpressions;
using WebhookConsole.Tests.Receivers;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Clients;

/// <summary>A client as <c>docs/clients.md</c> prints it, saved to a folder of its own and made ready to run. Disposing it removes the folder.</summary>
internal sealed partial class ClientProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("webhookconsole-client-").FullName;
    private string _program = "";
    private string[] _arguments = [];

    private ClientProgram() { }

    /// <param name="heading">Of the section that the code is in.</param>
    public static async Task<ClientProgram> CreateAsync(string heading)
    {
        ClientProgram client = new();
        (string name, client._program, string[] before) = heading switch
        {
            "curl" => ("client.sh", "/bin/sh", Array.Empty<string>()),
            "C#" => ("client.cs", "dotnet", []),
            "Node.js" => ("client.mjs", "node", []),
            "Python" => ("client.py", "python3", []),
            "Go" => ("client.go", "", []),
            _ => throw new ArgumentException($"No program for {heading}.", nameof(heading)),
        };
        string file = Path.Combine(client._folder, name);
        await File.WriteAllTextAsync(file, CodeOf(heading));
        string output = Path.Combine(client._folder, heading == "Go" ? "client" : "client.dll");
        client._arguments = [.. before, file];
        if (heading == "Go")
        {
            Assert.Empty(await CompilerRun.RunAsync(client._folder, "gofmt", "-l", name));
            await CompilerRun.RunAsync(client._folder, "go", "build", "-o", output, name);
            (client._program, client._arguments) = (output, []);
        }
        else if (heading == "C#")
        {
            await CSharpCompiler.CompileAsync(file, output);
            client._arguments = [output];
        }

        return client;
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<CommandResult> RunAsync(IReadOnlyDictionary<string, string> environment, string? verb = null, string input = "")
    {
        ProcessStartInfo start = new(_program, verb is null ? _arguments : [.. _arguments, verb])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(s_patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"It did not end: {await output}{await errors}");
        }

        return new CommandResult(process.ExitCode, await output, await errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string CodeOf(string heading) =>
        Section().Matches(Repository.ReadText("docs", "clients.md")).Single(m => m.Groups["heading"].Value == heading).Groups["code"].Value;

    [GeneratedRegex(
        @"^## (?<heading>.+)\n(?:(?!^## |^```).*\n)*^```\w+\n(?<code>(?:(?!^```).*\n)+)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Section();
}
