using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Moving;

/// <summary>A SQLite installation, the PostgreSQL database that it moves to, and the verb as a process.</summary>
internal sealed class MovedInstallation : IAsyncDisposable
{
    private MovedInstallation(TestDatabase sqlite, TestDatabase postgres) => (Sqlite, Postgres) = (sqlite, postgres);

    public TestDatabase Sqlite { get; }

    public TestDatabase Postgres { get; }

    private string[] Arguments => ["migrate-storage", "--Storage:Directory=" + Sqlite.Folder];

    /// <summary>With the tables on SQLite, and an empty database on PostgreSQL.</summary>
    public static async Task<MovedInstallation> CreateAsync() => new(TestDatabase.Sqlite(), await TestDatabase.PostgresAsync());

    /// <summary>The application on the moved data, with the key ring of the folder.</summary>
    public Task<TestApp> ServeAsync() =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Database = Postgres,
                Settings = new Dictionary<string, string?> { ["Storage:Directory"] = Sqlite.Folder },
            }
        );

    public Task<CommandResult> MoveAsync() => ConsoleCommand.RunAsync([.. Arguments, "--to", Postgres.ConnectionString!]);

    public async Task<CommandResult> MovedAsync()
    {
        CommandResult result = await MoveAsync();
        Assert.True(result.Code == 0, result.Output + result.Errors);
        return result;
    }

    /// <summary>Starts the verb and kills it as soon as the query answers true.</summary>
    /// <returns>False when it had ended before.</returns>
    public async Task<bool> KillWhenAsync(string query)
    {
        using Process process = Process.Start(BuiltConsole.Start([.. Arguments, "--to", Postgres.ConnectionString!]))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(async () => process.HasExited || await HoldsAsync(query), deadline: TimeSpan.FromSeconds(60));
        bool running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync();
        await Task.WhenAll(output, errors);
        return running;
    }

    /// <summary>Runs statements directly on SQLite, as only a test does.</summary>
    public void OnSqlite(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Sqlite.SqliteFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }

    public async Task<T> OnPostgresAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = new(Postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync()) ?? 0, typeof(T), CultureInfo.InvariantCulture);
    }

    /// <summary>Adds many events, with ids in any order.</summary>
    public void AddEvents(int count) =>
        OnSqlite(
            $"""
            INSERT INTO events (id, project_id, type, payload, test, created_at)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            SELECT randomblob(16), zeroblob(16), 'order.created', CAST('payload ' || i AS BLOB), i % 7 = 0, 1900000000000 + i FROM n
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Sqlite.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    // The tables come into being while the verb runs.
    private async Task<bool> HoldsAsync(string query)
    {
        try
        {
            return await OnPostgresAsync<bool>(query);
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
