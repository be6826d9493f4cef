using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>Brings the schema up to date before anything else runs.</summary>
public sealed class DatabaseStartup(IDbContextFactory<ConsoleDbContext> contexts, StoreDialect dialect)
{
    /// <summary>True when there is no database yet, or an older one than this version needs.</summary>
    /// <exception cref="RuleException">The database is of a newer version.</exception>
    public async Task<bool> IsBehindAsync(CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsBehindAsync(db, cancellationToken);
    }

    /// <exception cref="RuleException">The database is of a newer version.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        ReleaseStaleLock();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);

        // Where nothing is pending, EF would still build the model that migrations are compared with, at every start.
        if (await IsBehindAsync(db, cancellationToken))
        {
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    private static async Task<bool> IsBehindAsync(ConsoleDbContext db, CancellationToken cancellationToken)
    {
        string[] known = [.. db.Database.GetMigrations()];
        string[] applied = [.. await db.Database.GetAppliedMigrationsAsync(cancellationToken)];
        return applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw RuleException.Conflict(
                "newer_schema",
                $"The database is of a newer version of WebhookConsole (its schema has {unknown}). Start that version, or restore a backup of this one."
            )
            : known.Length > applied.Length;
    }

    // EF keeps its SQLite migration lock in a table; a process killed while migrating leaves it there and every later start
    // would wait forever. The lock on the data folder ensures that no other process is migrating.
    private void ReleaseStaleLock()
    {
        if (dialect.ReleaseMigrationLock is { } statement)
        {
            using DbConnection connection = dialect.Open();
            using DbCommand command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }
}
