using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace WebhookConsole.Benchmarks.Crash.Nodes;

/// <summary>
/// A PostgreSQL server of this run, made from the system's package in a temporary folder, with <c>fsync</c> on and on a port of its own.
/// PostgreSQL refuses to run as root, so it then runs as the package's user.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Packages = "/usr/lib/postgresql";
    private const string User = "postgres";

    private readonly string _binaries;
    private readonly string _folder;

    private PostgresServer(string binaries, string folder) => (_binaries, _folder) = (binaries, folder);

    public int Port { get; } = Child.FreePort();

    /// <summary>Reaches the server itself, past every line that a node uses.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The database of the run through another port, which leads to the server's.</summary>
    public static string ConnectionStringAt(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={User};Database={User}");

    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartNewAsync()
    {
        string binaries =
            Directory.Exists(Packages) && Directory.GetDirectories(Packages).MaxBy(Version) is { } newest
                ? Path.Combine(newest, "bin")
                : throw new InvalidOperationException($"PostgreSQL is not installed: there is nothing in {Packages}.");
        PostgresServer server = new(binaries, Directory.CreateTempSubdirectory("webhookconsole-postgres-").FullName);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", User, server._folder);
            }

            await server.CommandAsync("initdb", "-D", server.Data, "-U", User, "--auth=trust");
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync() =>
        CommandAsync(
            "pg_ctl",
            "-D",
            Data,
            "-w",
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c max_connections=400 -k {_folder}"),
            "start"
        );

    /// <param name="mode"><c>fast</c> ends the sessions, <c>immediate</c> does not even write a checkpoint.</param>
    public Task StopAsync(string mode) => CommandAsync("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    /// <summary>The rows of a query, by a connection of its own.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();

        // The statements of this run are constants.
        command.CommandText = sql;
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await StopAsync("immediate");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int Version(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int version) ? version : 0;

    private Task CommandAsync(string program, params string[] arguments)
    {
        string file = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", User, "--", file, .. arguments]) : RunAsync(file, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server inherits the outputs and keeps them open, so they are nobody's pipe; what it has to say is in its log.
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
        }
    }
}
