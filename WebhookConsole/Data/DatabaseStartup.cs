using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using WebhookConsole.Data.Moving;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>
/// Brings the schema up to date before anything else runs. What every start needs to know is read in plain SQL, because EF's services
/// and model would take a third of the time to the first answer.
/// </summary>
public sealed class DatabaseStartup(IDbContextFactory<ConsoleDbContext> contexts, StoreDialect dialect)
{
    /// <summary>True when there is no database yet, or an older one than this version needs.</summary>
    /// <exception cref="RuleException">The database is from a newer version, or holds only a part of what is being moved to it.</exception>
    public bool IsBehind()
    {
        IReadOnlyList<string> known = KnownTo(dialect.ContextType);
        List<string> applied = Applied();
        return applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown
            ? throw RuleException.Conflict(
                "newer_schema",
                $"The database is from a newer version of WebhookConsole (its schema has {unknown}). Start that version, or restore a backup of this one."
            )
            : known.Count > applied.Count;
    }

    /// <exception cref="RuleException">The database is from a newer version, or holds only a part of what is being moved to it.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (IsBehind())
        {
            ReleaseStaleLock();
            await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    /// <summary>True when this installation has an owner. Works only on a schema that is up to date.</summary>
    public bool HasOwner()
    {
        using StoreSession session = dialect.OpenSession(writer: false);
        return session.Number($"SELECT COUNT(*) FROM user_roles JOIN roles ON roles.id = user_roles.role_id WHERE roles.name = '{nameof(Role.Owner)}'") > 0;
    }

    /// <summary>Ids of all migrations of a context, read from their types, without an instance of the context.</summary>
    internal static IReadOnlyList<string> KnownTo(Type context) =>
        [
            .. from type in typeof(DatabaseStartup).Assembly.GetTypes()
            where type.IsSubclassOf(typeof(Migration)) && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context
            select type.GetCustomAttribute<MigrationAttribute>()!.Id,
        ];

    private List<string> Applied()
    {
        List<string> ids = [];
        if (dialect.Exists)
        {
            DemandCompleteMove();
            using StoreSession session = dialect.OpenSession(writer: false);
            if (session.Number(dialect.CountMigrationTables) > 0)
            {
                using IStoreRows rows = session.Query("""SELECT "MigrationId" FROM "__EFMigrationsHistory" """);
                while (rows.Read())
                {
                    ids.Add(rows.Text(0));
                }
            }
        }

        return ids;
    }

    private void DemandCompleteMove()
    {
        if (dialect is not PostgresDialect)
        {
            return;
        }

        using DbConnection connection = dialect.Open();
        if (StorageMark.Read(connection) is { IsComplete: false })
        {
            throw RuleException.Conflict(
                "move_incomplete",
                "The PostgreSQL database holds only part of an installation that is being moved to it. Run 'webhookconsole migrate-storage' again until the move is complete, or give an empty database."
            );
        }
    }

    // EF keeps its SQLite migration lock in a table; a process killed while migrating leaves it there and every later start
    // would wait forever. The lock on the data folder ensures that no other process is migrating.
    private void ReleaseStaleLock()
    {
        if (dialect.ReleaseMigrationLock is { } statement)
        {
            using StoreSession session = dialect.OpenSession(writer: true);
            session.Execute(statement);
        }
    }
}
