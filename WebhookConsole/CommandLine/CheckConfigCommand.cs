using System.CommandLine;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole check-config</c>: says whether the application would start with these settings.</summary>
internal static class CheckConfigCommand
{
    public static Command Create(CommandRunner runner)
    {
        Command command = new("check-config", "Check the settings as at startup, and say what is wrong with them. Changes nothing.");
        command.SetAction(
            async (_, _) =>
            {
                runner.CheckSettings();
                await Console.Out.WriteLineAsync("The settings are valid.");
                return 0;
            }
        );
        return command;
    }
}
