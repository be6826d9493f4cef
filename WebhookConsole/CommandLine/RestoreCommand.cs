using System.CommandLine;
using WebhookConsole.Backups;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole restore FILE</c>: fills an empty data folder from a backup.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string> file = new("file") { Description = "What 'backup' has made." };
        Option<bool> withoutKeys = new("--without-keys") { Description = "Leave the key ring of the backup out." };
        Option<string?> passphrase = PassphraseOption.Create();
        Command command = new("restore", "Put a backup into an empty Storage:Directory. Deliveries that were pending then are sent after the next start.")
        {
            file,
            withoutKeys,
            passphrase,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(withoutKeys) && result.GetValue(passphrase) is not null)
            {
                result.AddError("--without-keys and --passphrase-file exclude each other.");
            }
        });
        command.SetAction(
            (parsed, _) =>
                runner.RunAsync(
                    async (services, cancellationToken) =>
                    {
                        RestoreRequest request = new()
                        {
                            File = parsed.GetValue(file)!,
                            Passphrase = PassphraseOption.Read(parsed, passphrase),
                            WithoutKeys = parsed.GetValue(withoutKeys),
                        };
                        RestoreResult done = await services.GetRequiredService<RestoreService>().RestoreAsync(CommandRunner.Actor, request, cancellationToken);
                        await Console.Out.WriteLineAsync(
                            $"Restored the backup of {done.Backup.CreatedAt:u}, made by version {done.Backup.Version}. {Next(done)}"
                        );
                        return 0;
                    }
                )
        );
        return command;
    }

    private static string Next(RestoreResult done) =>
        done.Keys
            ? "The key ring was restored too. Start the server."
            : "The key ring was not restored: put its files into keys/ in the same folder before you start the server, or its secrets cannot be read.";
}
