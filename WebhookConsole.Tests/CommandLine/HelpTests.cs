using System.CommandLine;
using System.Reflection;
using WebhookConsole.CommandLine;

namespace WebhookConsole.Tests.CommandLine;

/// <summary>The help of every command, and the version.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. PathsOf(ConsoleCommands.Create(new CommandRunner([])), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EveryCommand_HasExamplesThatItUnderstandsAndExitCodes(string path)
    {
        (int code, string text) = await RunAsync($"{path} --help");
        Assert.Equal(0, code);
        Assert.Contains("Exit codes:\n  0  done\n", text, StringComparison.Ordinal);
        string[] examples = [.. text.Split('\n').SkipWhile(l => l != "Examples:").Skip(1).TakeWhile(l => l.Length > 0)];
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            Assert.StartsWith("  webhookconsole", example, StringComparison.Ordinal);
            string words = example.Split(['<', '>'])[0].Trim()["webhookconsole".Length..].Trim();
            SettingArguments arguments = SettingArguments.Split(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.Empty(ConsoleCommands.Create(new CommandRunner(arguments.Settings)).Parse(arguments.Words).Errors);
            Assert.StartsWith(path, words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_IsTheVersionOfTheProduct()
    {
        Support.CommandResult result = await Support.ConsoleCommand.RunAsync("--version");
        string version = typeof(WebhookConsoleApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.Equal((0, version + "\n"), (result.Code, result.Output));
    }

    private static async Task<(int Code, string Text)> RunAsync(string line)
    {
        using StringWriter output = new() { NewLine = "\n" };
        int code = await ConsoleCommands
            .Create(new CommandRunner([]))
            .Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .InvokeAsync(new InvocationConfiguration { Output = output });
        return (code, output.ToString());
    }

    private static IEnumerable<string> PathsOf(Command command, string path) =>
        [path, .. command.Subcommands.SelectMany(c => PathsOf(c, $"{path} {c.Name}".Trim()))];
}
