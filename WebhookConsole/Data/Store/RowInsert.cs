using System.Text;

namespace WebhookConsole.Data.Store;

/// <summary>
/// An INSERT in two sizes: one row, or many in one statement, so that SQLite need not open the table and its indexes for each row
/// (a third of the cost of a row, docs/benchmarks.md).
/// </summary>
internal sealed class RowInsert
{
    /// <summary>How many rows the large size has.</summary>
    public const int Many = 16;

    /// <param name="table">The table with its columns: <c>name (a, b)</c>.</param>
    /// <param name="columns">How many columns.</param>
    public RowInsert(string table, int columns)
    {
        Columns = columns;
        One = Text(table, columns, 1);
        All = Text(table, columns, Many);
    }

    public int Columns { get; }

    /// <summary>Inserts one row.</summary>
    public string One { get; }

    /// <summary>Inserts <see cref="Many"/> rows.</summary>
    public string All { get; }

    private static string Text(string table, int columns, int rows)
    {
        StringBuilder text = new("INSERT INTO ");
        text.Append(table).Append(" VALUES ");
        for (int i = 0; i < columns * rows; i++)
        {
            text.Append(i % columns == 0 ? (i == 0 ? "(" : "), (") : ", ").Append("@p").Append(i);
        }

        return text.Append(')').ToString();
    }
}

/// <summary>Rows waiting to be written to one table.</summary>
internal sealed class RowBuffer(RowInsert insert)
{
    private readonly List<StoreValue> _values = new(insert.Columns * RowInsert.Many);

    /// <summary>Adds a row, and writes when there are enough.</summary>
    public void Add(StoreSession session, params ReadOnlySpan<StoreValue> row)
    {
        _values.AddRange(row);
        if (_values.Count == insert.Columns * RowInsert.Many)
        {
            session.Execute(insert.All, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values));
            _values.Clear();
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Flush(StoreSession session)
    {
        ReadOnlySpan<StoreValue> left = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);
        for (; left.Length > 0; left = left[insert.Columns..])
        {
            session.Execute(insert.One, left[..insert.Columns]);
        }

        _values.Clear();
    }
}
