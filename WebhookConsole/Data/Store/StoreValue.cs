namespace WebhookConsole.Data.Store;

/// <summary>The value of a statement's parameter; numbers and ids are not boxed.</summary>
internal readonly struct StoreValue
{
    private readonly Guid _id;

    private StoreValue(StoreValueKind kind, long number = 0, Guid id = default, object? content = null)
    {
        Kind = kind;
        Number = number;
        _id = id;
        Content = content;
    }

    public StoreValueKind Kind { get; }

    /// <summary>The integer; 0 or 1 for a Boolean.</summary>
    public long Number { get; }

    public Guid Id => _id;

    /// <summary>The text or the byte array.</summary>
    public object? Content { get; }

    public static implicit operator StoreValue(long value) => new(StoreValueKind.Integer, value);

    public static implicit operator StoreValue(long? value) => value is { } number ? number : default(StoreValue);

    public static implicit operator StoreValue(int value) => new(StoreValueKind.Integer, value);

    public static implicit operator StoreValue(int? value) => value is { } number ? number : default(StoreValue);

    public static implicit operator StoreValue(bool value) => new(StoreValueKind.Boolean, value ? 1 : 0);

    public static implicit operator StoreValue(bool? value) => value is { } truth ? truth : default(StoreValue);

    public static implicit operator StoreValue(Guid value) => new(StoreValueKind.Id, id: value);

    public static implicit operator StoreValue(Guid? value) => value is { } id ? id : default(StoreValue);

    // PostgreSQL text cannot hold NUL; what a receiver sent must not make a row fail.
    public static implicit operator StoreValue(string? value) =>
        value is null ? default : new StoreValue(StoreValueKind.Text, content: value.Contains('\0') ? value.Replace('\0', '\uFFFD') : value);

    public static implicit operator StoreValue(byte[]? value) => value is null ? default : new StoreValue(StoreValueKind.Bytes, content: value);
}

internal enum StoreValueKind
{
    Null = 0,
    Integer = 1,
    Boolean = 2,
    Id = 3,
    Text = 4,
    Bytes = 5,
}
