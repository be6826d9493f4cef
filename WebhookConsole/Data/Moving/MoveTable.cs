using WebhookConsole.Data.Store;

namespace WebhookConsole.Data.Moving;

/// <summary>What a column holds, which decides how it is read from SQLite and written to PostgreSQL.</summary>
internal enum MoveKind
{
    /// <summary>16 bytes in network order on SQLite, <c>uuid</c> on PostgreSQL.</summary>
    Id = 0,

    Bytes = 1,

    /// <summary>0 or 1 on SQLite.</summary>
    Boolean = 2,

    /// <summary>32 bits on PostgreSQL.</summary>
    Integer = 3,

    /// <summary>64 bits; times as well, in milliseconds since 1970.</summary>
    Long = 4,

    Text = 5,

    /// <summary>Text on SQLite; <c>jsonb</c> on PostgreSQL, which keeps neither spaces nor the order of members.</summary>
    Json = 6,
}

/// <param name="Name">As in both databases.</param>
internal sealed record MoveColumn(string Name, MoveKind Kind)
{
    public string Quoted => $"\"{Name}\"";
}

/// <summary>One table to copy, and the statements for it.</summary>
/// <param name="Name">As in both databases.</param>
/// <param name="Columns">All columns; rows have their values in this order.</param>
/// <param name="Key">Ordinals of the columns of the primary key.</param>
internal sealed record MoveTable(string Name, IReadOnlyList<MoveColumn> Columns, IReadOnlyList<int> Key)
{
    public string Quoted => $"\"{Name}\"";

    public string AllColumns => string.Join(", ", Columns.Select(c => c.Quoted));

    public IEnumerable<MoveColumn> KeyColumns => Key.Select(k => Columns[k]);

    /// <summary>The order of SQLite: by bytes.</summary>
    public string SqliteOrder => string.Join(", ", KeyColumns.Select(c => c.Quoted));

    /// <summary>The same order on PostgreSQL, whatever the locale of the database is.</summary>
    /// <param name="direction">Empty, or <c> DESC</c>.</param>
    public string PostgresOrder(string direction = "") =>
        string.Join(", ", KeyColumns.Select(c => c.Quoted + (c.Kind == MoveKind.Text ? " COLLATE \"C\"" : "") + direction));

    /// <summary>Names a row in a sentence.</summary>
    public string KeyText(StoreValue[] row) => string.Join(", ", Key.Select(k => $"{Columns[k].Name} {MoveValues.Shown(row[k])}"));
}
