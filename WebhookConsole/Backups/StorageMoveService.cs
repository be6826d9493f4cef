using System.Globalization;
using WebhookConsole.Audit;
using WebhookConsole.Data;
using WebhookConsole.Data.Moving;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Backups;

/// <summary>What to move where.</summary>
public sealed record StorageMoveRequest
{
    /// <summary>The PostgreSQL database; null for none.</summary>
    public PostgresAddress? To { get; init; }

    /// <summary>Called from time to time.</summary>
    public Action<MoveProgress> Progress { get; init; } = _ => { };
}

/// <summary>Moves an installation from the embedded database to PostgreSQL (specification §13). The key ring stays where it is.</summary>
public sealed class StorageMoveService(DataDirectory directory, StorageMover mover, AuditLog audit, TimeProvider clock)
{
    /// <summary>
    /// Copies everything, compares it, and marks the folder, so that no server serves from the SQLite database by mistake. If it ends
    /// early, the next run goes on where it stopped.
    /// </summary>
    /// <exception cref="RuleException">Forbidden; there is no SQLite database, its server is running, or the target holds other data.</exception>
    /// <exception cref="IOException">The folder cannot be written, or a server serves from the target.</exception>
    [Requires(Permission.ManageInstallation)]
    public async Task<MoveResult> MoveAsync(Actor actor, StorageMoveRequest request, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        PostgresAddress to = request.To ?? throw RuleException.Invalid("to", "Say which PostgreSQL database to move to.");
        if (!File.Exists(directory.DatabaseFile))
        {
            throw RuleException.Conflict(
                "no_database",
                $"There is no SQLite database in Storage:Directory '{directory.Root}'. Give the folder of the installation."
            );
        }

        Lock();
        MoveResult result = await mover.MoveAsync(
            to,
            done =>
                audit.NewEntry(
                    actor,
                    AuditActions.StorageMoved,
                    null,
                    new AuditTarget("storage", null, "PostgreSQL"),
                    new
                    {
                        from = "Sqlite",
                        to = "PostgreSql",
                        tables = done.Tables,
                        rows = done.Rows,
                    }
                ),
            request.Progress,
            cancellationToken
        );
        if (result.IsComplete)
        {
            directory.MarkMoved(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The data of this folder was moved to the PostgreSQL database {to.Name} on {clock.GetUtcNow():u}. {DataDirectory.DatabaseName} is as it was then, and no server uses it while this file is here. keys/ is still in use.\n"
                )
            );
        }

        return result;
    }

    private void Lock()
    {
        directory.DemandWhole();
        try
        {
            directory.Lock();
        }
        catch (IOException exception) when (!StorageFailure.IsDiskFull(exception) && exception.InnerException is IOException)
        {
            throw RuleException.Conflict(
                "server_running",
                $"A server is running on Storage:Directory '{directory.Root}'. Stop it first: what it accepts while its data is copied would be missing."
            );
        }
    }
}
