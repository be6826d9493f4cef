namespace WebhookConsole.Benchmarks.History;

/// <summary>The tables of a migrated database, into which a history is written without indexes; those are built at the end.</summary>
internal abstract class HistoryTables : IDisposable
{
    /// <summary>The tables that get rows, as a list of SQL.</summary>
    protected const string Names = "('events', 'deliveries', 'attempts')";

    /// <param name="table">Name and columns, as in SQL: <c>events (id, type)</c>.</param>
    public abstract IRowWriter Open(string table);

    /// <summary>Keeps what was written and builds the indexes; all writers must be closed.</summary>
    /// <returns>Bytes of the database.</returns>
    public abstract long Finish();

    public abstract void Dispose();
}

/// <summary>Writes rows to a table; disposing it keeps them.</summary>
internal interface IRowWriter : IDisposable
{
    void Add(params ReadOnlySpan<object?> values);
}
