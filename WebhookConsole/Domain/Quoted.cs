namespace WebhookConsole.Domain;

/// <summary>
/// What somebody sent, as a refusal repeats it. Of a long text only the beginning: what stands in the wrong field may be a secret, and
/// answers are logged by those who get them.
/// </summary>
public static class Quoted
{
    private const int LongestWhole = 32;
    private const int Beginning = 12;

    public static string Of(string? text)
    {
        if (text is null or { Length: <= LongestWhole })
        {
            return text ?? "";
        }

        return text[..(char.IsHighSurrogate(text[Beginning - 1]) ? Beginning - 1 : Beginning)] + "…";
    }
}
