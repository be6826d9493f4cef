using System.Data.Common;
using System.Reflection;
using Microsoft.Extensions.Options;
using WebhookConsole.Audit;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Backup;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Backups;

/// <summary>What a backup is to hold, and where it goes.</summary>
public sealed record BackupRequest
{
    /// <summary>The file to make; it must not exist.</summary>
    public string File { get; init; } = "";

    /// <summary>False for the key ring alone.</summary>
    public bool Database { get; init; } = true;

    /// <summary>Encrypts the key ring, which is then in the backup too; null leaves it out.</summary>
    public string? Passphrase { get; init; }
}

/// <param name="Bytes">Size of the file.</param>
/// <param name="AuditProblem">Why the audit log has no entry about it; null when it has one.</param>
public sealed record BackupResult(long Bytes, string? AuditProblem);

/// <summary>Makes a backup beside a serving process (specification §13).</summary>
public sealed class BackupService(
    DataDirectory directory,
    BackupFile backups,
    DatabaseStartup startup,
    AuditLog audit,
    IOptions<StorageOptions> storage,
    IOptions<ClusterOptions> cluster,
    TimeProvider clock
)
{
    /// <summary>As for the passwords of people, and against somebody who can guess as often as they like.</summary>
    public const int MinPassphrase = 12;

    /// <summary>Writes a temporary file beside the wanted one and renames it when it is complete and on disk.</summary>
    /// <exception cref="RuleException">Forbidden; the file exists, there is nothing to back up, or the passphrase is too short.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<BackupResult> CreateAsync(Actor actor, BackupRequest request, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        Check(request);

        // A whole path has no other meaning for SQLite, as ":memory:" and "file:" have.
        string file = Path.GetFullPath(request.File);
        string partial = $"{file}.{Path.GetRandomFileName()}.partial";
        try
        {
            await DataDirectory.CreatePrivateFile(partial).DisposeAsync();
            if (request.Database)
            {
                backups.CopyDatabase(partial, cancellationToken);
            }

            // Keys are only ever added, so the ring that is read last can decrypt whatever was copied before.
            BackupFile.Describe(
                partial,
                new BackupInfo
                {
                    Version = typeof(BackupService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
                    CreatedAt = clock.GetUtcNow(),
                    HasDatabase = request.Database,
                    Keys = request.Passphrase is { } passphrase ? SealKeys(passphrase) : null,
                }
            );
            long bytes = FlushToDisk(partial);
            File.Move(partial, file, overwrite: false);
            return new BackupResult(bytes, await AuditAsync(actor, request, bytes, cancellationToken));
        }
        finally
        {
            File.Delete(partial);
            File.Delete(partial + "-journal");
        }
    }

    private void Check(BackupRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.File))
        {
            throw RuleException.Invalid("file", "Give the backup a file name.");
        }

        if (File.Exists(request.File) || Directory.Exists(request.File))
        {
            throw RuleException.Conflict("file_exists", $"'{request.File}' exists already and is not overwritten. Choose another name.");
        }

        if (request.Database && storage.Value.Provider == StorageProvider.PostgreSql)
        {
            throw RuleException.Conflict(
                "use_pg_dump",
                "The data is in PostgreSQL: back it up with pg_dump, which also works while the server is running. For the key ring in Storage:Directory, use --keys-only."
            );
        }

        if (request.Database && !File.Exists(directory.DatabaseFile))
        {
            throw RuleException.Conflict("no_database", $"There is no database in Storage:Directory '{directory.Root}'. Give the folder of the installation.");
        }

        if (request.Passphrase is { Length: < MinPassphrase })
        {
            throw RuleException.Invalid("passphrase", $"The passphrase has {request.Passphrase.Length} characters; it needs at least {MinPassphrase}.");
        }
    }

    // In a cluster, the folder may have keys from an earlier time.
    private SealedBox SealKeys(string passphrase) =>
        cluster.Value.Enabled
            ? throw RuleException.Conflict(
                "keys_in_database",
                "With Cluster:Enabled, the key ring is in the database, encrypted with Cluster:Key: a dump by pg_dump has it. Keep a copy of Cluster:Key."
            )
            : PassphraseBox.Seal(
                KeyRingFiles.Read(directory.KeyRing)
                    ?? throw RuleException.Conflict(
                        "no_keys",
                        $"There are no keys in '{directory.KeyRing}'. Leave out the key ring, or give the folder that has it."
                    ),
                passphrase
            );

    // The copy is good whatever becomes of its entry: a database that takes no writes is one more reason to have a backup.
    private async Task<string?> AuditAsync(Actor actor, BackupRequest request, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (startup.IsBehind())
            {
                return "the database has the schema of another version";
            }

            await audit.WriteAsync(
                actor,
                AuditActions.BackupCreated,
                null,
                new AuditTarget("backup", null, Path.GetFileName(request.File)),
                new
                {
                    database = request.Database,
                    keys = request.Passphrase is not null,
                    bytes,
                }
            );
            return null;
        }
        catch (RuleException newer)
        {
            return newer.Message;
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            return StorageFailure.Describe(exception as DbException ?? (DbException)exception.InnerException!);
        }
    }

    private static long FlushToDisk(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}
