using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Moving;

/// <summary>
/// Copies a table in the order of its key, a batch for each COPY, which PostgreSQL commits as a whole. So PostgreSQL always holds the beginning of
/// the table, however the copy ended, and the last key there says where to go on.
/// </summary>
internal sealed class TableCopy(SqliteConnection from, NpgsqlConnection to, MoveTable table)
{
    // A kill costs at most one batch, and progress is reported once per batch. Rows with payloads fill a batch sooner.
    private const int BatchRows = 20_000;
    private const long BatchBytes = 16 * 1024 * 1024;

    private long _bytes;

    /// <summary>How many texts had a NUL character.</summary>
    public long Nuls { get; private set; }

    /// <param name="copied">Called with the number of rows after each batch.</param>
    /// <param name="cancellationToken">Ends it between two rows; the batch is then not copied.</param>
    /// <exception cref="RuleException">PostgreSQL refuses a row.</exception>
    public void Run(Action<long> copied, CancellationToken cancellationToken)
    {
        StoreValue[] row = new StoreValue[table.Columns.Count];
        using SqliteRows rows = new(from, table, PostgresRows.Last(to, table));
        for (bool more = rows.Read(row); more; )
        {
            long count = 0;
            _bytes = 0;
            try
            {
                using NpgsqlBinaryImporter batch = to.BeginBinaryImport($"COPY {table.Quoted} ({table.AllColumns}) FROM STDIN (FORMAT BINARY)");
                batch.Timeout = TimeSpan.Zero;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Write(batch, row);
                    count++;
                } while ((more = rows.Read(row)) && count < BatchRows && _bytes < BatchBytes);

                batch.Complete();
            }
            catch (PostgresException refused) when (refused.SqlState is ['2', '2' or '3', ..])
            {
                throw RuleException.Conflict("row_refused", $"PostgreSQL refuses a row of the table {table.Name}: {refused.MessageText}.");
            }

            copied(count);
        }

        Nuls = rows.Nuls;
        ContinueIdentity();
    }

    private void Write(NpgsqlBinaryImporter batch, StoreValue[] row)
    {
        batch.StartRow();
        for (int i = 0; i < row.Length; i++)
        {
            StoreValue value = row[i];
            switch (value.Kind == StoreValueKind.Null ? (MoveKind?)null : table.Columns[i].Kind)
            {
                case null:
                    batch.WriteNull();
                    break;
                case MoveKind.Id:
                    batch.Write(value.Id, NpgsqlDbType.Uuid);
                    break;
                case MoveKind.Bytes:
                    batch.Write((byte[])value.Content!, NpgsqlDbType.Bytea);
                    _bytes += ((byte[])value.Content!).Length;
                    break;
                case MoveKind.Boolean:
                    batch.Write(value.Number != 0, NpgsqlDbType.Boolean);
                    break;
                case MoveKind.Integer:
                    batch.Write(Small(row, i), NpgsqlDbType.Integer);
                    break;
                case MoveKind.Long:
                    batch.Write(value.Number, NpgsqlDbType.Bigint);
                    break;
                case MoveKind.Json:
                    batch.Write((string)value.Content!, NpgsqlDbType.Jsonb);
                    break;
                default:
                    batch.Write((string)value.Content!, NpgsqlDbType.Text);
                    _bytes += ((string)value.Content!).Length;
                    break;
            }
        }
    }

    private int Small(StoreValue[] row, int ordinal)
    {
        long number = row[ordinal].Number;
        return number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw RuleException.Conflict(
                "row_refused",
                $"{table.Columns[ordinal].Name} of the row {table.KeyText(row)} in the table {table.Name} is {number}, which PostgreSQL cannot store there."
            );
    }

    // Numbers that PostgreSQL gives out itself go on after the largest one that was copied.
    private void ContinueIdentity()
    {
        foreach (MoveColumn column in table.KeyColumns.Where(c => c.Kind is MoveKind.Integer or MoveKind.Long))
        {
            using NpgsqlCommand command = to.CreateCommand();
            command.CommandText =
                $"SELECT setval(s, m) FROM (SELECT pg_get_serial_sequence('{table.Quoted}', '{column.Name}') AS s, (SELECT MAX({column.Quoted}) FROM {table.Quoted}) AS m) x WHERE s IS NOT NULL AND m IS NOT NULL";
            command.ExecuteNonQuery();
        }
    }
}
