using System.CommandLine;
using WebhookConsole.Configuration;

namespace WebhookConsole.CommandLine;

/// <summary>The command line (specification §13): without a verb the application serves; settings go as <c>--Section:Key=value</c>.</summary>
internal static class ConsoleCommands
{
    private const int Failed = 1;
    private const int Misused = 2;

    /// <returns>The exit code: 0, 1 when it failed, 2 when a verb, an option or a setting is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        SettingArguments arguments = SettingArguments.Split(args);
        ParseResult parsed = Create(new CommandRunner(arguments.Settings)).Parse(arguments.Words);
        try
        {
            int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? Misused : code;
        }
        // The process ends here: no caller could do more than print it.
        catch (Exception exception)
        {
            Print(FailureSentence.Of(exception) ?? $"WebhookConsole has failed unexpectedly: {exception}");
            return exception is SettingsException ? Misused : Failed;
        }
    }

    private static void Print(string failure)
    {
        try
        {
            Console.Error.WriteLine(failure);
        }
        catch (IOException)
        {
            // The output may go to a file on the full disk itself; then only the exit code is left.
        }
    }

    internal static RootCommand Create(CommandRunner runner)
    {
        RootCommand root = new(
            """
            Signs and delivers webhooks, and shows what happened. Without a command it serves until it is stopped.

            Every setting can be given as --Section:Key=value, such as --Storage:Directory=/var/lib/webhookconsole.
            """
        )
        {
            UserCommand.Create(runner),
            CheckConfigCommand.Create(runner),
            CheckUrlCommand.Create(runner),
            CheckHealthCommand.Create(runner),
            BackupCommand.Create(runner),
            RestoreCommand.Create(runner),
            ApplyCommand.Create(runner),
            ExportCommand.Create(runner),
            ImportCommand.Create(runner),
            MigrateCommand.Create(runner),
            MigrateStorageCommand.Create(runner),
            RotateEncryptionKeyCommand.Create(runner),
        };

        // It is taken as a setting before the words are parsed; this is for the help text and for misspellings.
        root.Options.Add(
            new Option<string>("--Urls")
            {
                Description = "Addresses to listen on, separated by ';'.",
                HelpName = "addresses",
                Recursive = true,
            }
        );
        root.SetAction((_, _) => runner.ServeAsync());
        HelpText.AddTo(root);
        return root;
    }
}
