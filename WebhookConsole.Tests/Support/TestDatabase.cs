using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WebhookConsole.Data;
using WebhookConsole.Tests.Data;

namespace WebhookConsole.Tests.Support;

/// <summary>A folder and, on PostgreSQL, a database of its own for one test; both are gone afterwards.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<string> s_migrated = new(Migrate);

    private readonly string? _database;

    private TestDatabase(string? database, string? connectionString)
    {
        _database = database;
        ConnectionString = connectionString;
        Folder = Directory.CreateTempSubdirectory("webhookconsole-test-").FullName;
    }

    public string Folder { get; }

    /// <summary>Of the PostgreSQL database; null on SQLite.</summary>
    public string? ConnectionString { get; }

    /// <summary>Where SQLite keeps it.</summary>
    public string SqliteFile => Path.Combine(Folder, "webhookconsole.db");

    /// <summary>The settings that point the application at it.</summary>
    public Dictionary<string, string?> Settings
    {
        get
        {
            Dictionary<string, string?> settings = new(StringComparer.Ordinal) { ["Storage:Directory"] = Folder };
            if (ConnectionString is not null)
            {
                settings["Storage:Provider"] = "PostgreSql";
                settings["Storage:ConnectionString"] = ConnectionString;
            }

            return settings;
        }
    }

    /// <summary>An empty folder, as before the first start.</summary>
    public static TestDatabase Empty() => new(null, null);

    /// <summary>With the tables, copied from a file that was migrated once: migrating takes most of the time of a start.</summary>
    public static TestDatabase Sqlite()
    {
        TestDatabase database = Empty();
        File.Copy(s_migrated.Value, database.SqliteFile);
        return database;
    }

    public static async Task<TestDatabase> PostgresAsync(string? template = null)
    {
        string database = "whc_" + Guid.CreateVersion7().ToString("N");
        await ExecuteAsync($"CREATE DATABASE {database}" + (template is null ? "" : $" TEMPLATE {template}"));
        NpgsqlConnectionStringBuilder connection = new(RequiredPostgres.Demand()) { Database = database, MaxPoolSize = 20 };
        return new TestDatabase(database, connection.ToString());
    }

    public string Name => _database ?? throw new InvalidOperationException("A SQLite file has no database name.");

    /// <summary>Closes pooled connections, so that the database can be copied.</summary>
    public void Release()
    {
        if (ConnectionString is not null)
        {
            using NpgsqlConnection connection = new(ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }
        else
        {
            SqliteConnection.ClearAllPools();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        if (_database is not null)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {_database} WITH (FORCE)");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string Migrate()
    {
        TestDatabase template = Empty();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(template.Folder, recursive: true);
        using (ServiceProvider services = StoreDatabase.Build(template))
        {
            services.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        // The last connection that closes moves everything from the log into the file.
        template.Release();
        return template.SqliteFile;
    }

    private static async Task ExecuteAsync(string statement)
    {
        await using NpgsqlConnection connection = new(RequiredPostgres.Demand());
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
        // Names are made here.
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }
}
