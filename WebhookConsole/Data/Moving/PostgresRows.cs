using Npgsql;
using NpgsqlTypes;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data.Moving;

/// <summary>The rows of a table on PostgreSQL in the order of its key, through COPY.</summary>
internal sealed class PostgresRows(NpgsqlConnection connection, MoveTable table, string more = "") : IDisposable
{
    // All names come from EF's model.
    private readonly NpgsqlBinaryExporter _rows = connection.BeginBinaryExport(
        $"COPY (SELECT {table.AllColumns} FROM {table.Quoted} ORDER BY {(more.Length > 0 ? more : table.PostgresOrder())}) TO STDOUT (FORMAT BINARY)"
    );

    /// <summary>The row with the largest key; null when the table is empty.</summary>
    public static StoreValue[]? Last(NpgsqlConnection connection, MoveTable table)
    {
        StoreValue[] row = new StoreValue[table.Columns.Count];
        using PostgresRows rows = new(connection, table, table.PostgresOrder(" DESC") + " LIMIT 1");
        return rows.Read(row) ? row : null;
    }

    /// <summary>Fills <paramref name="row"/> with the next row; false when there is none.</summary>
    public bool Read(StoreValue[] row)
    {
        if (_rows.StartRow() < 0)
        {
            return false;
        }

        for (int i = 0; i < row.Length; i++)
        {
            if (_rows.IsNull)
            {
                _rows.Skip();
                row[i] = default;
                continue;
            }

            row[i] = table.Columns[i].Kind switch
            {
                MoveKind.Id => _rows.Read<Guid>(NpgsqlDbType.Uuid),
                MoveKind.Bytes => _rows.Read<byte[]>(NpgsqlDbType.Bytea),
                MoveKind.Boolean => _rows.Read<bool>(NpgsqlDbType.Boolean),
                MoveKind.Integer => _rows.Read<int>(NpgsqlDbType.Integer),
                MoveKind.Long => _rows.Read<long>(NpgsqlDbType.Bigint),
                MoveKind.Json => _rows.Read<string>(NpgsqlDbType.Jsonb),
                _ => (StoreValue)_rows.Read<string>(NpgsqlDbType.Text),
            };
        }

        return true;
    }

    public void Dispose() => _rows.Dispose();
}
