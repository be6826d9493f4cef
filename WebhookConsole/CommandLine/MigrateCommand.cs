using System.CommandLine;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole migrate</c>: prepares the database and ends.</summary>
internal static class MigrateCommand
{
    public static Command Create(CommandRunner runner)
    {
        Command command = new("migrate", "Bring the database up to date, then exit.");
        command.SetAction(
            (_, _) =>
                runner.RunOnDatabaseAsync(
                    async (_, _) =>
                    {
                        await Console.Out.WriteLineAsync("The database is up to date.");
                        return 0;
                    }
                )
        );
        return command;
    }
}
