using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Moving;

/// <summary>
/// The PostgreSQL database that is filled. Its table <c>storage_migration</c> says from which state of which file, and whether the copy is complete:
/// until it is, no server starts on it.
/// </summary>
internal sealed class MoveTarget : IDisposable
{
    private const string CreateMark = $"""
        CREATE TABLE {StorageMark.Table} (id integer PRIMARY KEY CHECK (id = 1), source text NOT NULL, version text NOT NULL, started_at bigint NOT NULL, completed_at bigint)
        """;

    private readonly DbConnection? _lock;

    private MoveTarget(string connectionString, PostgresConsoleDbContext context)
    {
        Context = context;
        EnsureDatabase(context);
        _lock = new PostgresDialect(connectionString).Own(shared: false);
        try
        {
            Connection = new NpgsqlConnection(connectionString);
            Connection.Open();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NpgsqlConnection Connection { get; } = null!;

    public PostgresConsoleDbContext Context { get; }

    /// <summary>Takes the database for this process, and creates it if the server has none with this name.</summary>
    /// <param name="services">The application's, which EF needs to know the tables of Identity.</param>
    /// <param name="address">Where it is.</param>
    /// <exception cref="DatabaseInUseException">A server serves from it.</exception>
    /// <exception cref="DbException">It cannot be reached.</exception>
    public static MoveTarget Open(IServiceProvider services, PostgresAddress address)
    {
        // A COPY of a large table takes longer than any time limit for a statement.
        NpgsqlConnectionStringBuilder own = new(address.ConnectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
            KeepAlive = 30,
        };
        return new MoveTarget(own.ToString(), DataServices.CreatePostgres(services, own.ToString()));
    }

    /// <summary>Marks the database as the copy of a source, creates the tables, and says how far the copy is.</summary>
    /// <returns>True when an earlier run has copied and compared all of it.</returns>
    /// <exception cref="RuleException">It holds other data.</exception>
    public bool Begin(string source, DateTimeOffset now)
    {
        if (StorageMark.Read(Connection) is { } mark)
        {
            if (mark.Source != source)
            {
                throw RuleException.Conflict(
                    "other_copy",
                    mark.IsComplete
                        ? "Another SQLite database, or another state of this one, was moved to this PostgreSQL database before. Give an empty database: nothing is overwritten."
                        : "The PostgreSQL database holds part of another SQLite database, or of this one before it was changed. Empty it (DROP DATABASE, CREATE DATABASE) and run this again."
                );
            }

            if (mark.IsComplete)
            {
                return true;
            }
        }
        else
        {
            DemandEmpty();
            using NpgsqlTransaction transaction = Connection.BeginTransaction();
            Execute(CreateMark);
            Execute($"INSERT INTO {StorageMark.Table} VALUES (1, @p0, @p1, @p2, NULL)", source, ProductVersion, now.ToUnixTimeMilliseconds());
            transaction.Commit();
        }

        IEnumerable<string> known = DatabaseStartup.KnownTo(typeof(PostgresConsoleDbContext));
        if (Context.Database.GetAppliedMigrations().Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw RuleException.Conflict(
                "newer_schema",
                $"The tables in the PostgreSQL database are those of a newer version (they have {unknown}). Empty it."
            );
        }

        Context.Database.Migrate();
        return false;
    }

    public long CountRows(MoveTable table)
    {
        using NpgsqlCommand command = new($"SELECT COUNT(*) FROM {table.Quoted}", Connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Gives the planner its statistics, so that the first pages are not slow, and sets what index-only scans need.</summary>
    public void Vacuum(MoveTable table) => Execute($"VACUUM (ANALYZE) {table.Quoted}");

    /// <summary>Marks the copy as complete, together with its audit entry.</summary>
    public async Task CompleteAsync(AuditEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await Context.Database.BeginTransactionAsync(cancellationToken);
        Context.AuditEntries.Add(entry);
        await Context.SaveChangesAsync(cancellationToken);
        await Context.Database.ExecuteSqlAsync($"UPDATE storage_migration SET completed_at = {now.ToUnixTimeMilliseconds()}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public void Dispose()
    {
        Connection?.Dispose();
        _lock?.Dispose();
        Context.Dispose();
    }

    private static string ProductVersion => typeof(MoveTarget).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static void EnsureDatabase(PostgresConsoleDbContext context)
    {
        IRelationalDatabaseCreator creator = context.GetService<IRelationalDatabaseCreator>();
        if (!creator.Exists())
        {
            creator.Create();
        }
    }

    // A database on which a server has been started has at least one project.
    private void DemandEmpty()
    {
        List<string> tables = [];
        using (
            NpgsqlCommand command = new(
                "SELECT quote_ident(relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname <> '__EFMigrationsHistory' ORDER BY relname",
                Connection
            )
        )
        using (NpgsqlDataReader rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                tables.Add(rows.GetString(0));
            }
        }

        foreach (string table in tables)
        {
            using NpgsqlCommand command = new($"SELECT EXISTS (SELECT 1 FROM {table})", Connection);
            if (command.ExecuteScalar() is true)
            {
                throw RuleException.Conflict(
                    "target_not_empty",
                    $"The PostgreSQL database holds other data (in the table {table}). Give an empty database: nothing is overwritten."
                );
            }
        }
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using NpgsqlCommand command = new(sql, Connection);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"p{i}", values[i]);
        }

        command.ExecuteNonQuery();
    }
}
