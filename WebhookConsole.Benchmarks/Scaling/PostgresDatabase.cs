using System.Diagnostics;
using Npgsql;

namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>A database of its own for one run on a server; gone afterwards.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private PostgresDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }

    public string ConnectionString { get; }

    /// <summary>The settings of an application on it, for its environment.</summary>
    public Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal) { ["Storage__Provider"] = "PostgreSql", ["Storage__ConnectionString"] = ConnectionString };

    /// <param name="server">A connection string whose user may create databases.</param>
    public static async Task<PostgresDatabase> CreateAsync(string server)
    {
        PostgresDatabase database = new(server, "bench_" + Guid.CreateVersion7().ToString("N"));
        await ExecuteAsync(server, "CREATE DATABASE " + database._name);
        return database;
    }

    /// <summary>Processor time of the server's processes that run now; null where it runs on another machine.</summary>
    public static async Task<TimeSpan?> CpuAsync(NpgsqlConnection connection)
    {
        List<int> ids = [];
        await using NpgsqlCommand command = new("SELECT pid FROM pg_stat_activity", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            ids.Add(rows.GetInt32(0));
        }

        TimeSpan[] times = [.. ids.Select(TimeOf).OfType<TimeSpan>()];
        return times.Length == 0 ? null : times.Aggregate((a, b) => a + b);
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Waits until a query answers true.</summary>
    public async Task WaitUntilAsync(string query)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = new(query, connection);
        while (await command.ExecuteScalarAsync() is not true)
        {
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private static TimeSpan? TimeOf(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) ? process.TotalProcessorTime : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // It has ended since, or runs on another machine.
            return null;
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
