using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using WebhookConsole.Backups;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Moving;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole migrate-storage</c>: moves an installation from SQLite to PostgreSQL.</summary>
internal static class MigrateStorageCommand
{
    public static Command Create(CommandRunner runner)
    {
        Option<string?> to = new("--to")
        {
            Description =
                "Connection string of an empty PostgreSQL database. Others can see it in the list of processes: put a password in Storage:ConnectionString or Storage:ConnectionStringFile, which are used without this option.",
            HelpName = "connection string",
        };
        Command command = new(
            "migrate-storage",
            "Move everything from SQLite to PostgreSQL and compare every row. Stop the server first. You can interrupt the command and run it again."
        )
        {
            to,
        };
        command.SetAction((parsed, _) => runner.RunAsync((services, cancellationToken) => RunAsync(services, parsed.GetValue(to), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string? to, CancellationToken cancellationToken)
    {
        StorageOptions storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        if (!PostgresAddress.TryRead(to ?? storage.ConnectionString, out PostgresAddress? address, out string? error))
        {
            throw new SettingsException([
                to is null && storage.ConnectionString is null
                    ? "Say where to move the data: set Storage:ConnectionString or Storage:ConnectionStringFile to an empty PostgreSQL database, or give --to."
                    : $"{(to is null ? "Storage:ConnectionString" : "--to")} {error}.",
            ]);
        }

        await Console.Out.WriteLineAsync($"Moving Storage:Directory '{storage.Root}' to the PostgreSQL database {address.Name}.");
        MoveReport report = new(Console.Out, services.GetRequiredService<TimeProvider>());
        try
        {
            MoveResult result = await services
                .GetRequiredService<StorageMoveService>()
                .MoveAsync(CommandRunner.Actor, new StorageMoveRequest { To = address, Progress = report.Tell }, cancellationToken);
            if (result.IsComplete)
            {
                await Console.Out.WriteLineAsync(Summary(result, address));
                return 0;
            }

            await Console.Error.WriteLineAsync(Problems(result));
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before it was complete. What has been copied stays there; run the command again to go on.");
            return 1;
        }
    }

    private static string Summary(MoveResult result, PostgresAddress address) =>
        (
            result.WasComplete
                ? "The move had already been completed: nothing was copied."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Moved {result.Rows:N0} rows in {result.Tables} tables. Every row was compared and is the same on both sides."
                )
        )
        + (
            result.Nuls == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"\nTexts with a NUL, which PostgreSQL cannot store: {result.Nuls}. Each NUL became U+FFFD.")
        )
        + $"""


            What to do next:
              1. Set Storage:Provider=PostgreSql, and Storage:ConnectionString or Storage:ConnectionStringFile for {address.Name}.
                 Leave Storage:Directory as it is: its keys/ decrypts the secrets.
              2. Start the server. What was pending is delivered.
              3. Back up with pg_dump from now on, and the keys with 'webhookconsole backup FILE --keys-only'.
            The SQLite database is unchanged. moved-to-postgresql.txt beside it keeps a server from using it by mistake; delete both when you no longer need them.
            """;

    private static string Problems(MoveResult result) =>
        result.SourceChanged
            ? "Somebody has written to the SQLite database while it was being copied, perhaps with another command. Empty the PostgreSQL database and run this again."
            : $"""
                PostgreSQL does not hold what SQLite holds: {Plural(result.DifferenceCount)}.
                  {string.Join("\n  ", result.Differences)}{(result.DifferenceCount > result.Differences.Count ? "\n  …" : "")}
                Somebody has changed the PostgreSQL database since it was copied. Empty it (DROP DATABASE, CREATE DATABASE) and run this again. No server starts on it until then.
                """;

    private static string Plural(long rows) => rows == 1 ? "one row differs" : string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows differ");
}
