using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WebhookConsole.Data.Store;

/// <summary>
/// A session on the embedded database. It calls SQLite's own functions: ADO.NET looks up the names of the parameters
/// and boxes the values for every execution, which costs more than the statements.
/// </summary>
internal sealed class SqliteSession : StoreSession
{
    private readonly sqlite3 _database;
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <param name="file">Path of the database.</param>
    /// <param name="pragmas">Settings of the connection.</param>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteSession(string file, string pragmas)
    {
        // Only one caller uses it at a time, so SQLite need not lock around each call.
        int code = raw.sqlite3_open_v2(file, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code == raw.SQLITE_OK)
        {
            code = raw.sqlite3_exec(_database, pragmas);
        }

        if (code != raw.SQLITE_OK)
        {
            SqliteException exception = SqliteStatement.ErrorOf(_database, code);
            _database.Dispose();
            throw exception;
        }
    }

    public override int RowsAtOnce => RowInsert.Many;

    // There is nothing to wait for: every statement answers at once.
    public override int ChangesAtOnce => 1;

    public override void Send(string sql, params ReadOnlySpan<StoreValue> values) => Execute(sql, values);

    public override void Insert(RowInsert insert, ReadOnlySpan<StoreValue> rows)
    {
        int one = insert.Columns.Length;
        int many = one * RowInsert.Many;
        while (rows.Length > 0)
        {
            (string sql, int length) = rows.Length >= many ? (insert.All, many) : (insert.One, one);
            Execute(sql, rows[..length]);
            rows = rows[length..];
        }
    }

    public override void Change(RowChange change, ReadOnlySpan<StoreValue> rows, Span<long> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<StoreValue> row = rows.Slice(i * change.Columns.Length, change.Columns.Length);
            numbers[i] =
                Execute(change.One, row) == 0 ? 0
                : change.SelectNumber is { } select ? Number(select, row[0]) ?? 0
                : 1;
        }
    }

    // The transaction has the only lock for writing.
    public override void ReadLocked(LockedRows rows, IReadOnlyCollection<Guid> keys, Action<IStoreRows> read)
    {
        foreach (Guid key in keys)
        {
            using IStoreRows row = Query(rows.One, key);
            if (row.Read())
            {
                read(row);
            }
        }
    }

    public override int Execute(string sql, params ReadOnlySpan<StoreValue> values)
    {
        using SqliteStatement statement = Bind(sql, values);
        while (statement.Read())
        {
            // A change that returns rows is complete once they have been read.
        }

        return raw.sqlite3_changes(_database);
    }

    public override IStoreRows Query(string sql, params ReadOnlySpan<StoreValue> values) => Bind(sql, values);

    public override void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Close();
        }

        _database.Dispose();
    }

    private SqliteStatement Bind(string sql, ReadOnlySpan<StoreValue> values)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = new SqliteStatement(_database, sql, values.Length);
            _statements.Add(sql, statement);
        }

        statement.Bind(values);
        return statement;
    }
}

/// <summary>One prepared statement and the rows of its execution; disposing ends the execution, not the statement.</summary>
internal sealed class SqliteStatement : IStoreRows
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    // SQLite numbers named parameters by their first appearance in the text.
    private readonly int[] _places;
    private byte[] _text = new byte[1024];

    /// <exception cref="SqliteException">The text is not a statement that this database can run.</exception>
    public SqliteStatement(sqlite3 database, string sql, int parameters)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _places = new int[parameters];
        for (int i = 0; i < parameters; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(_statement, $"@p{i}");
        }
    }

    /// <exception cref="SqliteException">A value is too large.</exception>
    public void Bind(ReadOnlySpan<StoreValue> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Check(Bind(_places[i], in values[i]));
        }
    }

    /// <exception cref="SqliteException">The database refused.</exception>
    public bool Read()
    {
        int code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        // The message belongs to the last call, so it is read before the reset.
        SqliteException exception = ErrorOf(_database, code);
        raw.sqlite3_reset(_statement);
        throw exception;
    }

    public long? Number(int ordinal) => raw.sqlite3_column_type(_statement, ordinal) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(_statement, ordinal);

    public Guid Id(int ordinal) => new(raw.sqlite3_column_blob(_statement, ordinal), bigEndian: true);

    public string Text(int ordinal) => raw.sqlite3_column_text(_statement, ordinal).utf8_to_string();

    public byte[] Bytes(int ordinal) => raw.sqlite3_column_blob(_statement, ordinal).ToArray();

    /// <summary>The message of the last call to this database.</summary>
    public static SqliteException ErrorOf(sqlite3 database, int code) =>
        new(raw.sqlite3_errmsg(database).utf8_to_string(), code & 0xFF, raw.sqlite3_extended_errcode(database));

    /// <summary>Ends the execution; the statement stays prepared.</summary>
    public void Dispose() => raw.sqlite3_reset(_statement);

    public void Close() => _statement.Dispose();

    private int Bind(int place, in StoreValue value)
    {
        switch (value.Kind)
        {
            case StoreValueKind.Integer or StoreValueKind.Boolean:
                return raw.sqlite3_bind_int64(_statement, place, value.Number);
            case StoreValueKind.Id:
                Span<byte> id = stackalloc byte[16];
                value.Id.TryWriteBytes(id, bigEndian: true, out _);
                return raw.sqlite3_bind_blob(_statement, place, id);

            // An empty span would be bound as NULL.
            case StoreValueKind.Text when (string)value.Content! is { Length: 0 } empty:
                return raw.sqlite3_bind_text(_statement, place, empty);
            case StoreValueKind.Text:
                return raw.sqlite3_bind_text(_statement, place, Utf8((string)value.Content!));
            case StoreValueKind.Bytes:
                byte[] bytes = (byte[])value.Content!;
                return bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(_statement, place, 0) : raw.sqlite3_bind_blob(_statement, place, bytes);
            default:
                return raw.sqlite3_bind_null(_statement, place);
        }
    }

    private ReadOnlySpan<byte> Utf8(string text)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) is int most && most > _text.Length)
        {
            _text = new byte[most];
        }

        return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw ErrorOf(_database, code);
        }
    }
}
