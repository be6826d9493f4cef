namespace WebhookConsole.Data.Store;

/// <summary>
/// A change of one row, found by its key in @p0, that many operations of a transaction may want. Databases that take many rows at once get the same
/// text with the values from arrays.
/// </summary>
internal sealed class RowChange
{
    /// <param name="text">
    /// The statement for one row: an UPDATE or DELETE that finds it by its key, or an INSERT of a row that begins with its <c>id</c>.
    /// </param>
    /// <param name="columns">The kind of each value.</param>
    /// <param name="number">The column whose value after the change is its number; null where the number of every changed row is 1.</param>
    public RowChange(string text, StoreValueKind[] columns, string? number = null)
    {
        Columns = columns;
        One = text;
        string source = ColumnArrays.From(columns);
        string table = text.Split(' ')[text.StartsWith("UPDATE", StringComparison.Ordinal) ? 1 : 2];
        SelectNumber = number is null ? null : $"SELECT {number} FROM {table} WHERE id = @p0";
        int where = text.IndexOf("WHERE ", StringComparison.Ordinal);
        string values = $"VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        Set = text.StartsWith("INSERT", StringComparison.Ordinal)
            ? $"{text.Replace(values, $"SELECT * FROM {source}", StringComparison.Ordinal)} RETURNING id"
            : $"""
                {OfArrays(text[..where])}{(text.StartsWith("DELETE", StringComparison.Ordinal) ? "USING" : "FROM")} {source} {OfArrays(text[where..])}
                RETURNING v.p0{(number is null ? "" : ", " + number)}
                """;
    }

    public StoreValueKind[] Columns { get; }

    /// <summary>Changes one row.</summary>
    public string One { get; }

    /// <summary>Reads the number of one row; null where it is 1.</summary>
    public string? SelectNumber { get; }

    /// <summary>Changes the rows whose values are in arrays, and returns the keys and numbers of those that changed.</summary>
    public string Set { get; }

    private static string OfArrays(string text) => text.Replace("@p", "v.p", StringComparison.Ordinal);
}

/// <summary>Asks for rows to be changed, and goes on when that is done.</summary>
internal interface IRowChanger
{
    /// <param name="change">The change that was asked for.</param>
    /// <param name="tag">The tag that the changer gave with it.</param>
    /// <param name="number">0 when the row was left alone, because it is gone or is not as the change wants it.</param>
    void Changed(StoreSession session, BatchState batch, RowChange change, int tag, long number);
}

/// <summary>Changes of one kind that wait to be made together.</summary>
internal sealed class ChangeBuffer(RowChange change)
{
    private readonly HashSet<Guid> _keys = [];
    private List<StoreValue> _values = [];
    private List<(IRowChanger Changer, int Tag)> _changers = [];
    private long[] _numbers = new long[1];

    public bool IsEmpty => _changers.Count == 0;

    /// <summary>Adds a change, and makes those that wait when there are enough.</summary>
    public void Add(StoreSession session, BatchState batch, IRowChanger changer, int tag, ReadOnlySpan<StoreValue> row)
    {
        // A statement changes a row once, so a second change of the same row waits for the first.
        if (session.Gathers && !_keys.Add(row[0].Id))
        {
            Settle(session, batch);
            _keys.Add(row[0].Id);
        }

        _values.AddRange(row);
        _changers.Add((changer, tag));
        if (_changers.Count == session.ChangesAtOnce)
        {
            Settle(session, batch);
        }
    }

    /// <summary>Makes the changes that wait and tells whoever asked for them.</summary>
    public void Settle(StoreSession session, BatchState batch)
    {
        // Whoever is told may ask for more changes of this kind.
        (List<StoreValue> values, List<(IRowChanger, int)> changers, long[] numbers) = (_values, _changers, _numbers);
        (_values, _changers, _numbers) = ([], [], []);
        _keys.Clear();
        if (numbers.Length < changers.Count)
        {
            numbers = new long[changers.Count];
        }

        session.Change(change, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values), numbers.AsSpan(0, changers.Count));
        for (int i = 0; i < changers.Count; i++)
        {
            (IRowChanger changer, int tag) = changers[i];
            changer.Changed(session, batch, change, tag, numbers[i]);
        }

        values.Clear();
        changers.Clear();
        if (_changers.Count == 0)
        {
            (_values, _changers, _numbers) = (values, changers, numbers);
        }
    }
}
