using System.Diagnostics;
using Npgsql;

namespace WebhookConsole.Benchmarks;

/// <summary>Which database a run measures: <c>--database sqlite</c>, the default, or <c>--database postgres</c>.</summary>
internal sealed class DatabaseChoice
{
    private const string Variable = "WEBHOOKCONSOLE_TEST_POSTGRES";

    private readonly string? _server;

    private DatabaseChoice(string? server) => _server = server;

    public string Name => _server is null ? "sqlite" : "postgres";

    /// <exception cref="ArgumentException">The value is neither, or the server is not named.</exception>
    public static DatabaseChoice Of(Options options) =>
        (options.TakeText("database") ?? "sqlite") switch
        {
            "sqlite" => new DatabaseChoice(null),
            "postgres" => new DatabaseChoice(
                Environment.GetEnvironmentVariable(Variable)
                    ?? throw new ArgumentException($"--database postgres needs the connection string of a server in {Variable}.", nameof(options))
            ),
            string other => throw new ArgumentException($"--database is sqlite or postgres, not '{other}'.", nameof(options)),
        };

    /// <summary>Creates an empty database on the server; null on SQLite, whose file comes with the data folder.</summary>
    public async Task<BenchDatabase?> CreateAsync() => _server is null ? null : await BenchDatabase.CreateAsync(_server);
}

/// <summary>A PostgreSQL database that is dropped with this object.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = "bench_" + Guid.CreateVersion7().ToString("N");

    private BenchDatabase(string server)
    {
        _server = server;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ToString();
    }

    public string ConnectionString { get; }

    public static async Task<BenchDatabase> CreateAsync(string server)
    {
        BenchDatabase database = new(server);
        await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    /// <summary>Processor time that the processes of a server on this machine have used; zero for a server elsewhere.</summary>
    public async Task<TimeSpan> CpuAsync()
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()", connection);
        await using NpgsqlDataReader pids = await command.ExecuteReaderAsync();
        TimeSpan sum = TimeSpan.Zero;
        while (await pids.ReadAsync())
        {
            try
            {
                using Process process = Process.GetProcessById(pids.GetInt32(0));
                sum += process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) ? process.TotalProcessorTime : TimeSpan.Zero;
            }
            catch (ArgumentException)
            {
                // It has ended, or runs on another machine.
            }
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
