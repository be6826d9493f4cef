using System.Text;

namespace WebhookConsole.Data.Store;

/// <summary>
/// An INSERT in three sizes: one row; many, so that SQLite need not open the table and its indexes for each row (a third of the cost of a
/// row, docs/benchmarks.md); and any number, in an array for each column, which only PostgreSQL has.
/// </summary>
internal sealed class RowInsert
{
    /// <summary>How many rows the large size has.</summary>
    public const int Many = 16;

    /// <param name="table">The table with its columns: <c>name (a, b)</c>.</param>
    /// <param name="columns">The kind of each column.</param>
    /// <param name="conflict">What happens to a row that already exists; empty where none can.</param>
    public RowInsert(string table, StoreValueKind[] columns, string conflict = "")
    {
        Columns = columns;
        One = Text(table, columns.Length, 1) + conflict;
        All = Text(table, columns.Length, Many) + conflict;
        Set = $"INSERT INTO {table} SELECT * FROM {ColumnArrays.From(columns)} {conflict}";
    }

    public StoreValueKind[] Columns { get; }

    /// <summary>Inserts one row.</summary>
    public string One { get; }

    /// <summary>Inserts <see cref="Many"/> rows.</summary>
    public string All { get; }

    /// <summary>Inserts as many rows as the arrays have.</summary>
    public string Set { get; }

    private static string Text(string table, int columns, int rows)
    {
        // A row that cannot be written ends the transaction anyway. Saying so spares SQLite a copy of each page that a statement with many rows
        // changes; it would need the copies to undo that statement alone. (Upserts still have them.)
        StringBuilder text = new("INSERT OR ROLLBACK INTO ");
        text.Append(table).Append(" VALUES ");
        for (int i = 0; i < columns * rows; i++)
        {
            text.Append(i % columns == 0 ? (i == 0 ? "(" : "), (") : ", ").Append("@p").Append(i);
        }

        return text.Append(") ").ToString();
    }
}

/// <summary>Rows waiting to be written to one table.</summary>
internal sealed class RowBuffer(RowInsert insert)
{
    // It grows as it needs to: most transactions hold few rows, and room for many would be made and cleared for nothing.
    private readonly List<StoreValue> _values = [];

    /// <summary>Adds a row, and writes when there are enough.</summary>
    public void Add(StoreSession session, params ReadOnlySpan<StoreValue> row)
    {
        _values.AddRange(row);
        if (_values.Count == insert.Columns.Length * session.RowsAtOnce)
        {
            Flush(session);
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Flush(StoreSession session)
    {
        if (_values.Count > 0)
        {
            session.Insert(insert, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values));
            _values.Clear();
        }
    }
}
