namespace WebhookConsole.Ui;

/// <summary>Reads the values of an untrusted address. It never throws; an unreadable value counts as absent and is remembered.</summary>
public sealed class AddressReader
{
    private const int MaxLength = 200;

    private readonly List<string> _unreadable = [];

    /// <summary>Names of the values that could not be read, to show to the person; null when all were read.</summary>
    public string? Unreadable => _unreadable.Count == 0 ? null : string.Join(", ", _unreadable);

    /// <summary>The trimmed text; null when there is none.</summary>
    /// <param name="isReadable">Checks the form of the text; null when any text will do.</param>
    public string? Text(string name, string? value, Func<string, bool>? isReadable = null)
    {
        string? text = value?.Trim();
        if (text is { Length: > MaxLength } || (text is { Length: > 0 } && isReadable?.Invoke(text) == false))
        {
            _unreadable.Add(name);
            return null;
        }

        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <param name="read">Returns null for a text that it cannot read.</param>
    public T? Value<T>(string name, string? value, Func<string, T?> read)
        where T : struct
    {
        if (Text(name, value) is not { } text)
        {
            return null;
        }

        T? result = read(text);
        if (result is null)
        {
            _unreadable.Add(name);
        }

        return result;
    }

    public Guid? Id(string name, string? value) => Value(name, value, text => Guid.TryParse(text, out Guid id) ? (Guid?)id : null);
}
