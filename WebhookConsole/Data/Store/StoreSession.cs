namespace WebhookConsole.Data.Store;

/// <summary>
/// One open connection with its prepared statements. Only one caller may use it at a time. Parameters are <c>@p0</c>, <c>@p1</c>, … in
/// the order of the values. Statements are string constants: prepared ones are kept by reference.
/// <para>
/// A statement whose result nobody asks for may be sent later, with the next one whose result is asked for: a database at the other end of a
/// network costs a round trip for each answer, not for each statement. Its failure then shows in that next one.
/// </para>
/// </summary>
internal abstract class StoreSession : IDisposable
{
    /// <summary>How many rows are worth gathering before they are written together.</summary>
    public abstract int RowsAtOnce { get; }

    /// <summary>How many changes are worth gathering before their results are asked for together.</summary>
    public abstract int ChangesAtOnce { get; }

    /// <summary>True where others can write at the same time, so that rows have to be locked.</summary>
    public virtual bool HasRowLocks => false;

    /// <summary>True when statements wait to be sent together, so that their time and their failures show later.</summary>
    public bool Gathers => ChangesAtOnce > 1;

    /// <summary>
    /// The heads that were written through this session, each with the start of the attempt it was written for (<see cref="AttemptHeads"/>). They
    /// are forgotten with the session: a transaction that fails ends it, and the next session may find a restored database.
    /// </summary>
    public Dictionary<Guid, DateTimeOffset> KnownHeads { get; } = [];

    /// <summary>Runs a statement, now or with the next one that has a result.</summary>
    public abstract void Send(string sql, params ReadOnlySpan<StoreValue> values);

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public abstract int Execute(string sql, params ReadOnlySpan<StoreValue> values);

    /// <summary>Runs a query; dispose the rows before running the same statement again.</summary>
    public abstract IStoreRows Query(string sql, params ReadOnlySpan<StoreValue> values);

    /// <summary>Inserts rows, now or with the next statement that has a result.</summary>
    /// <param name="insert">Where to.</param>
    /// <param name="rows">The values of one row after the other.</param>
    public abstract void Insert(RowInsert insert, ReadOnlySpan<StoreValue> rows);

    /// <summary>Runs a change for each of several rows.</summary>
    /// <param name="change">What is done to each.</param>
    /// <param name="rows">The values of one row after the other, each beginning with its key; no key occurs twice.</param>
    /// <param name="numbers">Takes the result of each row: 0 when it was left alone, otherwise its number (see <see cref="RowChange"/>).</param>
    public abstract void Change(RowChange change, ReadOnlySpan<StoreValue> rows, Span<long> numbers);

    /// <summary>Runs a change that needs nothing but the key for each of several rows, and returns which were changed.</summary>
    public long[] Change(RowChange change, IReadOnlyList<Guid> keys)
    {
        StoreValue[] rows = [.. keys.Select(k => (StoreValue)k)];
        long[] numbers = new long[keys.Count];
        Change(change, rows, numbers);
        return numbers;
    }

    /// <summary>Reads rows that no other writer changes before this transaction ends. Rows that do not exist may not be read.</summary>
    /// <param name="rows">Which columns of which table.</param>
    /// <param name="keys">Their keys, each once.</param>
    /// <param name="read">Gets each row, some of them twice; ordinal 0 is the key.</param>
    public abstract void ReadLocked(LockedRows rows, IReadOnlyCollection<Guid> keys, Action<IStoreRows> read);

    /// <summary>Sends what is still to be sent, and waits for it.</summary>
    public virtual void Flush() { }

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
