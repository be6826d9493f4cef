using System.Globalization;
using Npgsql;

namespace WebhookConsole.Benchmarks.History;

/// <summary>A PostgreSQL database, filled with COPY over a connection for each table.</summary>
internal sealed class PostgresHistory : HistoryTables
{
    private readonly NpgsqlDataSource _database;
    private readonly List<string> _indexes = [];

    public PostgresHistory(string connectionString)
    {
        _database = NpgsqlDataSource.Create(connectionString);
        List<string> names = [];
        using (
            NpgsqlCommand command = _database.CreateCommand($"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {Names} AND indexname LIKE 'ix%'")
        )
        using (NpgsqlDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
                _indexes.Add(reader.GetString(1));
            }
        }

        foreach (string name in names)
        {
            Execute($"DROP INDEX {name}");
        }
    }

    public override IRowWriter Open(string table) => new Copy(_database, table);

    public override long Finish()
    {
        foreach (string index in _indexes)
        {
            Execute(index);
        }

        // Autovacuum would have done so over the thirty days.
        foreach (string table in (string[])["events", "deliveries", "attempts"])
        {
            Execute($"VACUUM ANALYZE {table}");
        }

        using NpgsqlCommand size = _database.CreateCommand("SELECT pg_database_size(current_database())");
        return (long)size.ExecuteScalar()!;
    }

    public override void Dispose() => _database.Dispose();

    private void Execute(string sql)
    {
        using NpgsqlCommand command = _database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    private sealed class Copy : IRowWriter
    {
        private readonly NpgsqlConnection _connection;
        private readonly string[] _types;
        private readonly NpgsqlBinaryImporter _importer;

        public Copy(NpgsqlDataSource database, string table)
        {
            string[] parts = table.Split('(', 2);
            using (NpgsqlCommand command = database.CreateCommand($"SELECT {parts[1].TrimEnd(')')} FROM {parts[0]} LIMIT 0"))
            using (NpgsqlDataReader reader = command.ExecuteReader())
            {
                _types = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName)];
            }

            _connection = database.OpenConnection();
            _importer = _connection.BeginBinaryImport($"COPY {table} FROM STDIN (FORMAT BINARY)");
        }

        public void Add(params ReadOnlySpan<object?> values)
        {
            _importer.StartRow();
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] is not { } value)
                {
                    _importer.WriteNull();
                    continue;
                }

                // COPY converts nothing.
                object exact = _types[i] switch
                {
                    "bigint" => Convert.ToInt64(value, CultureInfo.InvariantCulture),
                    "integer" => Convert.ToInt32(value, CultureInfo.InvariantCulture),
                    _ => value,
                };
                _importer.Write(exact, _types[i]);
            }
        }

        public void Dispose()
        {
            _importer.Complete();
            _importer.Dispose();
            _connection.Dispose();
        }
    }
}
