namespace WebhookConsole.Api.Bodies;

/// <summary>A place in a text, for error messages.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Byte">In the line, from 1.</param>
internal readonly record struct TextPlace(long Line, long Byte)
{
    public static TextPlace Start => new(1, 1);

    /// <summary>The place after <paramref name="text"/>, which begins here.</summary>
    public TextPlace After(ReadOnlySpan<byte> text)
    {
        int lastBreak = text.LastIndexOf((byte)'\n');
        return lastBreak < 0 ? this with { Byte = Byte + text.Length } : new TextPlace(Line + text.Count((byte)'\n'), text.Length - lastBreak);
    }
}
