using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Backup;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Backups;

/// <summary>Where a backup is, and what to take from it.</summary>
public sealed record RestoreRequest
{
    public string File { get; init; } = "";

    /// <summary>Null when the key ring is not in the backup or not wanted.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Leave out the key ring even if the backup has it.</summary>
    public bool WithoutKeys { get; init; }
}

/// <param name="Backup">What the backup says about itself.</param>
/// <param name="Keys">Whether the key ring was restored.</param>
public sealed record RestoreResult(BackupInfo Backup, bool Keys);

/// <summary>Puts a backup into an empty data folder (specification §13).</summary>
public sealed class RestoreService(DataDirectory directory, BackupFile backups, IOptions<StorageOptions> storage)
{
    /// <summary>
    /// Collects and checks everything in a folder of its own, then moves it into place. Until that folder is gone nothing uses the data,
    /// and a restore that was killed can be run again.
    /// </summary>
    /// <exception cref="RuleException">Forbidden; the file is no backup, damaged or too new; the passphrase is wrong; the folder is in use.</exception>
    /// <exception cref="IOException">Another process has the folder, or it cannot be written.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<RestoreResult> RestoreAsync(Actor actor, RestoreRequest request, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        BackupInfo info = Inspect(request.File);
        string file = Path.GetFullPath(request.File);
        byte[]? keys = OpenKeys(info, request);
        directory.Lock();
        DemandEmpty();
        DataDirectory.CreatePrivate(directory.Restoring);
        try
        {
            await CollectAsync(info, file, keys, cancellationToken);
        }
        catch
        {
            DeleteFolder(directory.Restoring);
            throw;
        }

        MoveIntoPlace();
        return new RestoreResult(info, keys is not null);
    }

    private BackupInfo Inspect(string file)
    {
        if (!File.Exists(file))
        {
            throw RuleException.Invalid("file", $"There is no file '{file}'.");
        }

        BackupInfo info =
            BackupFile.Read(Path.GetFullPath(file)) ?? throw RuleException.Invalid("file", $"'{file}' is not a backup that 'webhookconsole backup' has made.");
        if (info.Format > BackupInfo.CurrentFormat)
        {
            throw RuleException.Conflict(
                "backup_too_new",
                $"The backup was made by WebhookConsole {info.Version} in a format that this version does not know. Restore it with that version or a newer one."
            );
        }

        bool postgres = storage.Value.Provider == StorageProvider.PostgreSql;
        return info.HasDatabase && postgres
                ? throw RuleException.Conflict(
                    "sqlite_backup",
                    "The backup holds an SQLite database, but Storage:Provider is PostgreSql. Restore a dump of PostgreSQL with pg_restore."
                )
            : !info.HasDatabase && !postgres
                ? throw RuleException.Conflict(
                    "keys_only",
                    "The backup holds only a key ring, for data in PostgreSQL. Set Storage:Provider and Storage:ConnectionString, or use a backup with a database."
                )
            : info;
    }

    private static byte[]? OpenKeys(BackupInfo info, RestoreRequest request) =>
        (info.Keys, request) switch
        {
            (null, { Passphrase: not null }) => throw RuleException.Conflict("no_keys", "The backup has no key ring. Leave out --passphrase-file."),
            (null, _) or (_, { WithoutKeys: true }) => null,
            (_, { Passphrase: null }) => throw RuleException.Conflict(
                "passphrase_missing",
                "The backup has the key ring, encrypted. Give its passphrase with --passphrase-file, or leave the keys out with --without-keys."
            ),
            ({ } box, { Passphrase: { } passphrase }) => PassphraseBox.Open(box, passphrase)
                ?? throw RuleException.Conflict(
                    "wrong_passphrase",
                    "The passphrase is wrong, or the key ring in the backup was changed. Nothing was restored."
                ),
        };

    private void DemandEmpty()
    {
        // What an interrupted restore has left is in the way of nobody.
        if (Directory.Exists(directory.Restoring))
        {
            DeleteFolder(directory.KeyRing);
            File.Delete(directory.DatabaseFile);
            DeleteFolder(directory.Restoring);
        }

        if (directory.FirstEntry() is { } found)
        {
            throw RuleException.Conflict(
                "folder_not_empty",
                $"Storage:Directory '{directory.Root}' is not empty (it has '{found}'). Restore into an empty folder; nothing is overwritten."
            );
        }
    }

    private async Task CollectAsync(BackupInfo info, string file, byte[]? keys, CancellationToken cancellationToken)
    {
        if (info.HasDatabase)
        {
            string database = Path.Combine(directory.Restoring, DataDirectory.DatabaseName);
            await CopyAsync(file, database, cancellationToken);
            if (await backups.OpenDatabaseAsync(database, cancellationToken) is { } problem)
            {
                throw RuleException.Conflict("backup_unusable", problem + " Nothing was restored.");
            }
        }

        if (keys is not null)
        {
            KeyRingFiles.Write(keys, Path.Combine(directory.Restoring, DataDirectory.KeysName));
        }
    }

    // The last step decides: while the folder exists, no process serves from here.
    private void MoveIntoPlace()
    {
        string keys = Path.Combine(directory.Restoring, DataDirectory.KeysName);
        if (Directory.Exists(keys))
        {
            Directory.Move(keys, directory.KeyRing);
        }

        string database = Path.Combine(directory.Restoring, DataDirectory.DatabaseName);
        if (File.Exists(database))
        {
            File.Move(database, directory.DatabaseFile);
        }

        Directory.Delete(directory.Restoring);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using FileStream target = DataDirectory.CreatePrivateFile(to);
        await source.CopyToAsync(target, cancellationToken);
        target.Flush(flushToDisk: true);
    }
}
