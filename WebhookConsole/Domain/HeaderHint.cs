namespace WebhookConsole.Domain;

/// <summary>An extra header as people see it: its value is a credential (specification §3).</summary>
/// <param name="Name">As it was typed.</param>
/// <param name="Hint"><c>…</c> and the last four characters of the value, or <c>…</c> alone where four would give too much away.</param>
public sealed record HeaderHint(string Name, string Hint)
{
    /// <summary>How many characters of a value are shown.</summary>
    public const int Shown = 4;

    /// <summary>Values of up to this length show nothing.</summary>
    public const int HiddenLength = 8;

    private const char Ellipsis = '…';

    public static HeaderHint Of(HeaderField header) =>
        new(header.Name, header.Value.Length <= HiddenLength ? Ellipsis.ToString() : Ellipsis + header.Value[^Shown..]);

    /// <summary>True for a hint in place of a value. Values are ASCII, so none begins like a hint.</summary>
    public static bool IsHint(string text) => text.StartsWith(Ellipsis);
}
