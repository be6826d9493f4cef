using System.Runtime.InteropServices;

namespace WebhookConsole.Tests.Receivers;

/// <summary>
/// Compiles one file with the compiler of the SDK that runs the tests, as <c>dotnet run receiver.cs</c> would, but without a project: that
/// takes a second instead of ten.
/// </summary>
internal static class CSharpCompiler
{
    // What a project of Microsoft.NET.Sdk.Web uses implicitly, as far as the code needs it.
    private static readonly string[] s_usings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder",
        "Microsoft.AspNetCore.Http",
    ];

    public static async Task CompileAsync(string file, string output, params string[] more)
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        string version = Path.GetFileName(runtime);
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string aspNet = Path.Combine(root, "shared", "Microsoft.AspNetCore.App", version);
        string compiler = Directory
            .EnumerateDirectories(Path.Combine(root, "sdk"), "10.*")
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .Last(File.Exists);
        string folder = Path.GetDirectoryName(file)!;
        string usings = Path.Combine(folder, "Usings.cs");
        await File.WriteAllLinesAsync(usings, s_usings.Select(u => $"global using global::{u};"));
        IEnumerable<string> references = Directory
            .EnumerateFiles(runtime, "System*.dll")
            .Concat(Directory.EnumerateFiles(runtime, "netstandard.dll"))
            .Concat(Directory.EnumerateFiles(aspNet, "Microsoft.*.dll"))
            .Select(dll => $"-r:\"{dll}\"");
        string arguments = Path.Combine(folder, "csc.rsp");
        await File.WriteAllLinesAsync(
            arguments,
            [
                .. references,
                "-nologo",
                "-nullable",
                "-langversion:latest",
                "-features:FileBasedProgram",
                "-warnaserror",
                $"-out:\"{output}\"",
                $"\"{usings}\"",
                $"\"{file}\"",
                .. more.Select(m => $"\"{m}\""),
            ]
        );
        await CompilerRun.RunAsync(folder, "dotnet", compiler, "-noconfig", "@" + arguments);
        await File.WriteAllTextAsync(
            Path.ChangeExtension(output, ".runtimeconfig.json"),
            $$"""
            { "runtimeOptions": { "frameworks": [
              { "name": "Microsoft.NETCore.App", "version": "{{version}}" },
              { "name": "Microsoft.AspNetCore.App", "version": "{{version}}" }
            ] } }
            """
        );
    }
}
