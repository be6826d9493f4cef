using Microsoft.Data.Sqlite;
using WebhookConsole.Benchmarks.Crash.Nodes;

namespace WebhookConsole.Benchmarks.Crash;

/// <summary>What the database says at the end of a run.</summary>
/// <param name="Integrity">"ok", or what the database finds wrong with its own file.</param>
/// <param name="Events">The id of each, and the number in its payload.</param>
/// <param name="Deliveries">The event and the state of each.</param>
/// <param name="Attempts">The id of each, which is also that of its request, and its failure class; -1 is success.</param>
internal sealed record Books(
    string Integrity,
    IReadOnlyList<(Guid Id, int Number)> Events,
    IReadOnlyList<(Guid Event, int Status)> Deliveries,
    IReadOnlyList<(Guid Id, int Failure)> Attempts
)
{
    private const string AllDeliveries = "SELECT event_id, status FROM deliveries WHERE NOT test";
    private const string AllAttempts = "SELECT id, COALESCE(failure_class, -1) FROM attempts";

    // Pending, retrying or held.
    private const string WaitingDeliveries = "SELECT COUNT(*) FROM deliveries WHERE status IN (0, 1, 4)";

    public static Books Read(string file)
    {
        using SqliteConnection connection = Open(file);
        return new Books(
            Query(connection, "PRAGMA integrity_check", r => r.GetString(0))[0],
            Query(connection, "SELECT id, json_extract(payload, '$.n') FROM events WHERE NOT test", r => (Id(r, 0), r.GetInt32(1))),
            Query(connection, AllDeliveries, r => (Id(r, 0), r.GetInt32(1))),
            Query(connection, AllAttempts, r => (Id(r, 0), r.GetInt32(1)))
        );
    }

    /// <summary>The same for a server, which has no check of its files that could be called here.</summary>
    public static async Task<Books> ReadAsync(PostgresServer server) =>
        new(
            "ok",
            await server.QueryAsync(
                "SELECT id, (convert_from(payload, 'UTF8')::json ->> 'n')::int FROM events WHERE NOT test",
                r => (r.GetGuid(0), r.GetInt32(1))
            ),
            await server.QueryAsync(AllDeliveries, r => (r.GetGuid(0), r.GetInt32(1))),
            await server.QueryAsync(AllAttempts, r => (r.GetGuid(0), r.GetInt32(1)))
        );

    /// <summary>The number of deliveries that still wait.</summary>
    public static int Waiting(string file)
    {
        using SqliteConnection connection = Open(file, SqliteOpenMode.ReadOnly);
        return Query(connection, WaitingDeliveries, r => r.GetInt32(0))[0];
    }

    /// <inheritdoc cref="Waiting"/>
    public static async Task<int> WaitingAsync(PostgresServer server) => (await server.QueryAsync(WaitingDeliveries, r => r.GetInt32(0)))[0];

    /// <summary>Sabotage, to prove that this would be seen.</summary>
    public static void DeleteOneDelivery(string file)
    {
        using SqliteConnection connection = Open(file);
        Query(connection, "DELETE FROM deliveries WHERE id = (SELECT MAX(id) FROM deliveries) RETURNING id", r => 0);
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        SqliteConnection connection = new($"Data Source={file};Mode={mode};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<T> Query<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static Guid Id(SqliteDataReader reader, int ordinal) => new(reader.GetFieldValue<byte[]>(ordinal), bigEndian: true);
}
