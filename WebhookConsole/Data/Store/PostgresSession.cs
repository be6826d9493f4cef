using System.Globalization;
using Npgsql;

namespace WebhookConsole.Data.Store;

/// <summary>
/// A session on PostgreSQL. Statements whose result nobody asks for wait and go with the next one that has a result, all in one round trip; rows
/// go in an array for each column. The driver prepares frequent statements on the server.
/// </summary>
internal sealed class PostgresSession : StoreSession
{
    // Everything here is found by an index, and what is sorted is read in the order of one. While a table is small, the planner would choose to read
    // all of it, or all that matches, and a prepared statement could keep that plan long after. Statements are short, so compiling them would cost
    // more than it saves.
    private const string Settings =
        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<string, string> _texts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Guid, int> _places = [];
    private NpgsqlBatch _batch;

    public PostgresSession(NpgsqlConnection connection)
    {
        _connection = connection;
        _batch = new NpgsqlBatch(connection);
        using NpgsqlCommand command = new(Settings, connection);
        command.ExecuteNonQuery();
    }

    // The bound only keeps messages small: longer arrays save nothing more.
    public override int RowsAtOnce => 1000;

    public override int ChangesAtOnce => 1000;

    public override bool HasRowLocks => true;

    public override void Send(string sql, params ReadOnlySpan<StoreValue> values)
    {
        NpgsqlBatchCommand command = Add(sql);
        foreach (StoreValue value in values)
        {
            command.Parameters.Add(ToParameter(value));
        }
    }

    public override int Execute(string sql, params ReadOnlySpan<StoreValue> values)
    {
        Send(sql, values);
        using NpgsqlBatch batch = TakeBatch();
        batch.ExecuteNonQuery();
        return batch.BatchCommands[^1].RecordsAffected;
    }

    public override IStoreRows Query(string sql, params ReadOnlySpan<StoreValue> values)
    {
        Send(sql, values);
        return Read();
    }

    public override void Insert(RowInsert insert, ReadOnlySpan<StoreValue> rows) => PostgresArrays.Fill(Add(insert.Set).Parameters, insert.Columns, rows);

    public override void Change(RowChange change, ReadOnlySpan<StoreValue> rows, Span<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return;
        }

        numbers.Clear();
        _places.Clear();
        for (int i = 0; i < numbers.Length; i++)
        {
            _places.Add(rows[i * change.Columns.Length].Id, i);
        }

        PostgresArrays.Fill(Add(change.Set).Parameters, change.Columns, rows);
        using IStoreRows changed = Read();
        while (changed.Read())
        {
            numbers[_places[changed.Id(0)]] = change.SelectNumber is null ? 1 : changed.Number(1)!.Value;
        }
    }

    public override void ReadLocked(LockedRows rows, IReadOnlyCollection<Guid> keys, Action<IStoreRows> read)
    {
        Guid[] sorted = [.. keys.Order()];
        if (ReadLocked(rows, sorted, read) < sorted.Length)
        {
            Add(rows.Make).Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = sorted });
            ReadLocked(rows, sorted, read);
        }
    }

    private int ReadLocked(LockedRows rows, Guid[] sorted, Action<IStoreRows> read)
    {
        Add(rows.Set).Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = sorted });
        using IStoreRows found = Read();
        int count = 0;
        for (; found.Read(); count++)
        {
            read(found);
        }

        return count;
    }

    public override void Flush()
    {
        if (_batch.BatchCommands.Count > 0)
        {
            using NpgsqlBatch batch = TakeBatch();
            batch.ExecuteNonQuery();
        }
    }

    public override void Dispose()
    {
        try
        {
            using (_connection)
            {
                _batch.Dispose();
            }
        }
        // The driver rolls back what was begun and says when the server is gone. Whoever ends a session has dealt with that, or has no use for it.
        // Some of them are threads, whose end would be the end of the process.
        catch (Exception)
        {
            // The connection is closed.
        }
    }

    private NpgsqlBatchCommand Add(string sql)
    {
        if (!_texts.TryGetValue(sql, out string? text))
        {
            _texts.Add(sql, text = Numbered(sql));
        }

        NpgsqlBatchCommand command = new(text);
        _batch.BatchCommands.Add(command);
        return command;
    }

    // The driver would look for names at every execution; PostgreSQL's own parameters are $1, $2 and so on.
    private static string Numbered(string sql)
    {
        int count = 0;
        while (sql.Contains(string.Create(CultureInfo.InvariantCulture, $"@p{count}"), StringComparison.Ordinal))
        {
            count++;
        }

        // Backwards, because @p1 is the beginning of @p10.
        for (int i = count - 1; i >= 0; i--)
        {
            sql = sql.Replace(
                string.Create(CultureInfo.InvariantCulture, $"@p{i}"),
                string.Create(CultureInfo.InvariantCulture, $"${i + 1}"),
                StringComparison.Ordinal
            );
        }

        return sql;
    }

    private NpgsqlBatch TakeBatch()
    {
        NpgsqlBatch batch = _batch;
        _batch = new NpgsqlBatch(_connection);
        return batch;
    }

    private Rows Read()
    {
        NpgsqlBatch batch = TakeBatch();
        return new Rows(batch, batch.ExecuteReader());
    }

    private static NpgsqlParameter ToParameter(in StoreValue value) =>
        value.Kind switch
        {
            StoreValueKind.Integer => new NpgsqlParameter<long> { TypedValue = value.Number },
            StoreValueKind.Boolean => new NpgsqlParameter<bool> { TypedValue = value.Number != 0 },
            StoreValueKind.Id => new NpgsqlParameter<Guid> { TypedValue = value.Id },
            StoreValueKind.Text => new NpgsqlParameter<string> { TypedValue = (string)value.Content! },
            StoreValueKind.Bytes => new NpgsqlParameter<byte[]> { TypedValue = (byte[])value.Content! },
            _ => new NpgsqlParameter { Value = DBNull.Value },
        };

    private sealed class Rows(NpgsqlBatch batch, NpgsqlDataReader reader) : IStoreRows
    {
        public bool Read() => reader.Read();

        public long? Number(int ordinal) =>
            reader.IsDBNull(ordinal) ? null
            : reader.GetFieldType(ordinal) == typeof(long) ? reader.GetInt64(ordinal)
            : reader.GetFieldType(ordinal) == typeof(int) ? reader.GetInt32(ordinal)
            : Convert.ToInt64(reader.GetValue(ordinal), CultureInfo.InvariantCulture);

        public Guid Id(int ordinal) => reader.GetGuid(ordinal);

        public string Text(int ordinal) => reader.GetString(ordinal);

        public byte[] Bytes(int ordinal) => reader.IsDBNull(ordinal) ? [] : reader.GetFieldValue<byte[]>(ordinal);

        public void Dispose()
        {
            reader.Dispose();
            batch.Dispose();
        }
    }
}
