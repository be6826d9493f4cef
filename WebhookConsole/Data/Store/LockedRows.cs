namespace WebhookConsole.Data.Store;

/// <summary>Rows that are read to be written again in the same transaction.</summary>
internal sealed class LockedRows
{
    /// <param name="table">The table.</param>
    /// <param name="key">Its key, one id.</param>
    /// <param name="columns">What is read beside the key.</param>
    /// <param name="make">
    /// The columns and values, as in SQL, with which a missing row is created: without a row there is nothing to lock, and two writers that both find
    /// none would both begin from nothing.
    /// </param>
    public LockedRows(string table, string key, string columns, (string Columns, string Values) make)
    {
        One = $"SELECT {key}, {columns} FROM {table} WHERE {key} = @p0";
        Make = $"INSERT INTO {table} ({key}, {make.Columns}) SELECT p0, {make.Values} FROM unnest(@p0::uuid[]) AS v(p0) ON CONFLICT ({key}) DO NOTHING";
        Set = $"SELECT {key}, {columns} FROM {table} WHERE {key} = ANY(@p0) ORDER BY {key} FOR NO KEY UPDATE";
    }

    /// <summary>Reads one row, where only one transaction writes at a time.</summary>
    public string One { get; }

    /// <summary>Creates the rows that do not exist.</summary>
    public string Make { get; }

    /// <summary>Reads and locks many rows, always in the same order, so that two writers cannot wait for each other.</summary>
    public string Set { get; }
}
