using Microsoft.Data.Sqlite;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data.Moving;

/// <summary>The rows of a table on SQLite in the order of its key.</summary>
internal sealed class SqliteRows : IDisposable
{
    private readonly MoveTable _table;
    private readonly SqliteCommand _command;
    private readonly SqliteDataReader _reader;

    /// <param name="connection">Inside a transaction, so that all tables are read as of one moment.</param>
    /// <param name="table">The table.</param>
    /// <param name="after">Begin after the row with this key; null for all rows.</param>
    public SqliteRows(SqliteConnection connection, MoveTable table, StoreValue[]? after = null)
    {
        _table = table;
        _command = connection.CreateCommand();
        string from = after is null ? "" : $" WHERE ({table.SqliteOrder}) > ({string.Join(", ", table.Key.Select(k => "@p" + k))})";
        // All names come from EF's model.
        _command.CommandText = $"SELECT {table.AllColumns} FROM {table.Quoted}{from} ORDER BY {table.SqliteOrder}";
        foreach (int k in after is null ? [] : table.Key)
        {
            _command.Parameters.AddWithValue("@p" + k, Stored(after![k]));
        }

        _reader = _command.ExecuteReader();
    }

    /// <summary>How many texts had a NUL character, which PostgreSQL cannot store. They get U+FFFD instead, as what receivers send does.</summary>
    public long Nuls { get; private set; }

    /// <summary>Fills <paramref name="row"/> with the next row; false when there is none.</summary>
    public bool Read(StoreValue[] row)
    {
        if (!_reader.Read())
        {
            return false;
        }

        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _reader.IsDBNull(i) ? default : ValueOf(i);
        }

        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private StoreValue ValueOf(int ordinal)
    {
        switch (_table.Columns[ordinal].Kind)
        {
            case MoveKind.Id:
                return new Guid(_reader.GetFieldValue<byte[]>(ordinal), bigEndian: true);
            case MoveKind.Bytes:
                return _reader.GetFieldValue<byte[]>(ordinal);
            case MoveKind.Boolean:
                return _reader.GetInt64(ordinal) != 0;
            case MoveKind.Integer or MoveKind.Long:
                return _reader.GetInt64(ordinal);
            default:
                string text = _reader.GetString(ordinal);
                Nuls += text.Contains('\0', StringComparison.Ordinal) ? 1 : 0;
                return text;
        }
    }

    private static object Stored(in StoreValue value) =>
        value.Kind switch
        {
            StoreValueKind.Id => value.Id.ToByteArray(bigEndian: true),
            StoreValueKind.Integer or StoreValueKind.Boolean => value.Number,
            _ => value.Content!,
        };
}
