using System.Diagnostics;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Signing.Receivers;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Receivers;

/// <summary>Receiver code as the console shows it, saved to a folder of its own and compiled. Disposing it removes the folder.</summary>
internal sealed class ReceiverProgram : IDisposable
{
    private static readonly string s_receivers = Path.Combine(AppContext.BaseDirectory, "Receivers");

    private readonly ReceiverLanguage _language;
    private readonly string _folder;

    private ReceiverProgram(string language, SignatureFormat format, string? own, bool library)
    {
        _language = ReceiverLanguage.All.Single(l => l.Name == language);

        // Below the npm packages, where Node.js looks for them.
        _folder = Path.Combine(s_receivers, "node", $"code-{language}-{SignatureFormats.NameOf(format)}-{Ids.New(TimeProvider.System.GetUtcNow()):n}");
        Directory.CreateDirectory(_folder);
        File.WriteAllText(FileIn(_language.FileName), ReceiverCode.Write(_language, format, own, library));
    }

    /// <summary>Writes the code and compiles it where the language is compiled.</summary>
    public static async Task<ReceiverProgram> CreateAsync(string language, SignatureFormat format, string? own = null, bool library = false)
    {
        ReceiverProgram program = new(language, format, own, library);
        switch (language)
        {
            case "nodejs" when library:
                await NodeModules.InstalledAsync(Path.Combine(s_receivers, "node"));
                break;
            case "go":
                Assert.Empty(await program.RunAsync("gofmt", "-l", "receiver.go"));
                await program.RunAsync("go", "build", "-o", "receiver", "receiver.go");
                break;
            case "java":
                await program.RunAsync("javac", "-Xlint:all", "-Werror", "Receiver.java");
                break;
            case "csharp":
                await CSharpCompiler.CompileAsync(program.FileIn("receiver.cs"), program.FileIn("receiver.dll"));
                break;
            default:
                break;
        }

        return program;
    }

    /// <summary>Checks the code with a library that this machine may not have, as far as that is possible without running it.</summary>
    public static async Task CheckLibraryAsync(string language, SignatureFormat format)
    {
        using ReceiverProgram program = new(language, format, null, library: true);
        string stubs = Path.Combine(s_receivers, "stubs");
        switch (language)
        {
            case "python":
                await program.RunAsync("python3", "-W", "error", "-m", "py_compile", "receiver.py");
                break;
            case "php":
                await program.RunAsync("php", "-l", "receiver.php");
                break;
            case "ruby":
                await program.RunAsync("ruby", "-wc", "receiver.rb");
                break;
            case "go":
                Assert.Empty(await program.RunAsync("gofmt", "-l", "receiver.go"));
                string import = program._language.Library(SignatureFormats.NameOf(format))!.Package;
                await File.WriteAllTextAsync(
                    program.FileIn("go.mod"),
                    $"module receiver\n\ngo 1.19\n\nrequire {import} v0.0.0\n\nreplace {import} => ./stub\n"
                );
                Directory.CreateDirectory(program.FileIn("stub"));
                await File.WriteAllTextAsync(program.FileIn("stub/go.mod"), $"module {import}\n\ngo 1.19\n");
                File.Copy(Path.Combine(stubs, "webhook.go"), program.FileIn("stub/webhook.go"));
                await program.RunAsync("go", "vet", ".");
                break;
            case "java":
                string java = format == SignatureFormat.Svix ? "com/svix" : "com/standardwebhooks";
                foreach (string name in new[] { "Webhook", "WebhookVerificationException" })
                {
                    string folder = name == "Webhook" ? java : java + "/exceptions";
                    Directory.CreateDirectory(program.FileIn(folder));
                    string text = await File.ReadAllTextAsync(Path.Combine(stubs, name + ".java"));
                    await File.WriteAllTextAsync(program.FileIn($"{folder}/{name}.java"), text.Replace("PACKAGE", java.Replace('/', '.')));
                }

                await program.RunAsync("javac", "-Xlint:all", "-Werror", "-sourcepath", ".", "Receiver.java");
                break;
            case "csharp":
                await CSharpCompiler.CompileAsync(program.FileIn("receiver.cs"), program.FileIn("receiver.dll"), Path.Combine(stubs, "Webhook.cs"));
                break;
            default:
                throw new InvalidOperationException($"The library of {language} is run, not checked.");
        }
    }

    public Task<ForeignReceiver> StartAsync(string secret) =>
        ForeignReceiver.StartAsync(
            port =>
                _language.Name switch
                {
                    "nodejs" => new ProcessStartInfo("node", [FileIn("receiver.mjs")]),
                    "python" => new ProcessStartInfo("python3", [FileIn("receiver.py")]),
                    "php" => new ProcessStartInfo("php", ["-S", $"127.0.0.1:{port}", FileIn("receiver.php")]),
                    "ruby" => new ProcessStartInfo("ruby", [FileIn("receiver.rb")]),
                    "go" => new ProcessStartInfo(FileIn("receiver")),
                    "java" => new ProcessStartInfo("java", ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", _folder, "Receiver"]),
                    "csharp" => new ProcessStartInfo("dotnet", [FileIn("receiver.dll")]),
                    _ => throw new InvalidOperationException($"Cannot run {_language}."),
                },
            secret
        );

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileIn(string name) => Path.Combine(_folder, name);

    private Task<string> RunAsync(string tool, params string[] arguments) => CompilerRun.RunAsync(_folder, tool, arguments);
}
