namespace WebhookConsole.Data.Store;

/// <summary>
/// One open connection with its prepared statements. Only one caller may use it at a time. Parameters are <c>@p0</c>, <c>@p1</c>, … in
/// the order of the values. Statements are string constants: prepared ones are kept by reference.
/// </summary>
internal abstract class StoreSession : IDisposable
{
    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public abstract int Execute(string sql, params ReadOnlySpan<StoreValue> values);

    /// <summary>Runs a query; dispose the rows before running the same statement again.</summary>
    public abstract IStoreRows Query(string sql, params ReadOnlySpan<StoreValue> values);

    /// <summary>First column of the first row as a number; null when there is no row or it is NULL.</summary>
    public long? Number(string sql, params ReadOnlySpan<StoreValue> values)
    {
        using IStoreRows rows = Query(sql, values);
        return rows.Read() ? rows.Number(0) : null;
    }

    public abstract void Dispose();
}

/// <summary>The rows of a query, one at a time. Ordinals count from 0.</summary>
internal interface IStoreRows : IDisposable
{
    /// <summary>Goes to the next row; false when there is none.</summary>
    bool Read();

    /// <summary>Null for NULL.</summary>
    long? Number(int ordinal);

    Guid Id(int ordinal);

    string Text(int ordinal);

    byte[] Bytes(int ordinal);
}
