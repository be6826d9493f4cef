using Microsoft.Data.Sqlite;
using Npgsql;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data.Moving;

/// <summary>Compares every value of every row of a table. Both sides are read once, in the order of the key.</summary>
/// <param name="from">The SQLite side.</param>
/// <param name="to">The PostgreSQL side.</param>
/// <param name="table">The table.</param>
internal sealed class TableComparison(SqliteConnection from, NpgsqlConnection to, MoveTable table)
{
    private const int ProgressRows = 20_000;

    /// <param name="compared">Called with the number of rows of SQLite from time to time, and at the end.</param>
    /// <param name="differs">Called with a sentence about each row that differs.</param>
    /// <param name="cancellationToken">Ends it between two rows.</param>
    public void Run(Action<long> compared, Action<string> differs, CancellationToken cancellationToken)
    {
        StoreValue[] left = new StoreValue[table.Columns.Count];
        StoreValue[] right = new StoreValue[table.Columns.Count];
        using SqliteRows lefts = new(from, table);
        using PostgresRows rights = new(to, table);
        bool hasLeft = lefts.Read(left);
        bool hasRight = rights.Read(right);
        long since = 0;
        while (hasLeft || hasRight)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int order =
                !hasLeft ? 1
                : !hasRight ? -1
                : MoveValues.CompareKeys(table, left, right);
            if (order < 0)
            {
                differs($"{table.Name}, {table.KeyText(left)}: is not in PostgreSQL.");
            }
            else if (order > 0)
            {
                differs($"{table.Name}, {table.KeyText(right)}: is only in PostgreSQL.");
            }
            else if (Differing(left, right) is { Length: > 0 } columns)
            {
                differs($"{table.Name}, {table.KeyText(left)}: {columns} differs.");
            }

            if (order <= 0)
            {
                hasLeft = lefts.Read(left);
                if (++since == ProgressRows)
                {
                    compared(since);
                    since = 0;
                }
            }

            if (order >= 0)
            {
                hasRight = rights.Read(right);
            }
        }

        compared(since);
    }

    private string Differing(StoreValue[] left, StoreValue[] right)
    {
        List<string>? columns = null;
        for (int i = 0; i < left.Length; i++)
        {
            if (!MoveValues.Same(table.Columns[i].Kind, left[i], right[i]))
            {
                (columns ??= []).Add(table.Columns[i].Name);
            }
        }

        return columns is null ? "" : string.Join(", ", columns);
    }
}
