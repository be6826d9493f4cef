using System.Data.Common;
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
    private static readonly Lazy<string> s_template = new(MigratePostgres);

    private static readonly Lock s_gate = new();

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

    public DatabaseKind Kind => ConnectionString is null ? DatabaseKind.Sqlite : DatabaseKind.PostgreSql;

    /// <summary><see cref="Settings"/> for a command line.</summary>
    public string[] Arguments => [.. Settings.Select(s => $"--{s.Key}={s.Value}")];

    /// <summary><see cref="Settings"/> for the environment of a process.</summary>
    public Dictionary<string, string> Environment =>
        Settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value!, StringComparer.Ordinal);

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

    /// <summary>With the tables, of the kind that this run of the tests is for (<see cref="TestedDatabase"/>).</summary>
    public static TestDatabase New() => TestedDatabase.Kind == DatabaseKind.Sqlite ? Sqlite() : Postgres(s_template.Value);

    /// <summary>As before the first start, of the kind that this run of the tests is for.</summary>
    public static TestDatabase NewEmpty() => TestedDatabase.Kind == DatabaseKind.Sqlite ? Empty() : Postgres(null);

    /// <summary>An empty folder, as before the first start.</summary>
    public static TestDatabase Empty() => new(null, null);

    /// <summary>With the tables, copied from a file that was migrated once: migrating takes most of the time of a start.</summary>
    public static TestDatabase Sqlite()
    {
        TestDatabase database = Empty();
        File.Copy(s_migrated.Value, database.SqliteFile);
        return database;
    }

    /// <summary>An empty database on the server.</summary>
    public static Task<TestDatabase> PostgresAsync() => Task.Run(() => Postgres(null));

    /// <summary>With the tables, copied from a database that was migrated once: a copy takes a tenth of the time.</summary>
    public static Task<TestDatabase> MigratedPostgresAsync() => Task.Run(() => Postgres(s_template.Value));

    public string Name => _database ?? throw new InvalidOperationException("A SQLite file has no database name.");

    /// <summary>A connection of its own to the data.</summary>
    public DbConnection Open()
    {
        DbConnection connection = ConnectionString is null
            ? new SqliteConnection($"Data Source={SqliteFile};Pooling=False")
            : new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

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
            await Task.Run(() => Execute($"DROP DATABASE IF EXISTS {_database} WITH (FORCE)"));
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static TestDatabase Postgres(string? template)
    {
        string database = "whc_" + Guid.CreateVersion7().ToString("N");
        // Only one at a time can be copied.
        lock (s_gate)
        {
            Execute($"CREATE DATABASE {database}" + (template is null ? "" : $" TEMPLATE {template}"));
        }

        NpgsqlConnectionStringBuilder connection = new(RequiredPostgres.Demand()) { Database = database, MaxPoolSize = 20 };
        return new TestDatabase(database, connection.ToString());
    }

    private static string MigratePostgres()
    {
        TestDatabase template = Postgres(null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => template.DisposeAsync().AsTask().GetAwaiter().GetResult();
        using (ServiceProvider services = StoreDatabase.Build(template))
        {
            services.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        // The store and EF have a pool each, and no connection may be open while a database is copied.
        NpgsqlConnection.ClearAllPools();
        return template.Name;
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

    private static void Execute(string statement)
    {
        using NpgsqlConnection connection = new(RequiredPostgres.Demand());
        connection.Open();
        // Names are made here.
        using NpgsqlCommand command = new(statement, connection);
        command.ExecuteNonQuery();
    }
}
