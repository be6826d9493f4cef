using System.CommandLine;
using System.Globalization;
using WebhookConsole.Backups;

namespace WebhookConsole.CommandLine;

/// <summary><c>webhookconsole backup FILE</c>: a copy of everything, while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(CommandRunner runner)
    {
        Argument<string> file = new("file") { Description = "The file to make. It must not exist." };
        Option<bool> withKeys = new("--with-keys") { Description = "Add the key ring, encrypted with the passphrase." };
        Option<bool> keysOnly = new("--keys-only") { Description = "Only the key ring, encrypted with the passphrase. For data in PostgreSQL." };
        Option<string?> passphrase = PassphraseOption.Create();
        Command command = new("backup", "Copy the database into one file, while the server is running. Without the key ring, unless you ask for it.")
        {
            file,
            withKeys,
            keysOnly,
            passphrase,
        };
        command.Validators.Add(result =>
        {
            bool keys = result.GetValue(withKeys) || result.GetValue(keysOnly);
            if (keys != result.GetValue(passphrase) is not null)
            {
                result.AddError(
                    keys
                        ? "The key ring is only written encrypted: give --passphrase-file."
                        : "--passphrase-file belongs to --with-keys or --keys-only: nothing else in a backup is encrypted."
                );
            }
        });
        command.SetAction(
            (parsed, _) =>
                runner.RunAsync(
                    async (services, cancellationToken) =>
                    {
                        BackupRequest request = new()
                        {
                            File = parsed.GetValue(file)!,
                            Database = !parsed.GetValue(keysOnly),
                            Passphrase = PassphraseOption.Read(parsed, passphrase),
                        };
                        BackupResult made = await services.GetRequiredService<BackupService>().CreateAsync(CommandRunner.Actor, request, cancellationToken);
                        await Console.Out.WriteLineAsync(Summary(request, made));
                        if (made.AuditProblem is { } problem)
                        {
                            await Console.Error.WriteLineAsync($"The backup is complete, but the audit log has no entry about it: {problem}");
                        }

                        return 0;
                    }
                )
        );
        return command;
    }

    private static string Summary(BackupRequest request, BackupResult made)
    {
        string what = (request.Database, request.Passphrase) switch
        {
            (true, null) => "The database is in the backup; the key ring is not. Keep a copy of the key ring elsewhere: without it the secrets cannot be read.",
            (true, _) => "The database and the encrypted key ring are in the backup. Without the passphrase, the secrets in it are lost.",
            _ => "Only the encrypted key ring is in the backup.",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{request.File}: {made.Bytes / 1024.0 / 1024.0:0.0} MB.\n{what}");
    }
}
