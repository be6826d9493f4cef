using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.History;

/// <summary>What a search text asks for (specification §8): exactly one of these kinds, so that a result can be explained.</summary>
public abstract record DeliverySearch
{
    /// <summary>Fewer characters of an id would match hours of deliveries.</summary>
    public const int MinPrefix = 8;

    public const int MaxLength = 200;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly int[] s_hyphens = [8, 13, 18, 23];

    /// <summary>Reads what somebody typed. It never throws.</summary>
    /// <returns>False with a sentence in <paramref name="error"/>.</returns>
    public static bool TryRead(string? typed, [NotNullWhen(true)] out DeliverySearch? search, [NotNullWhen(false)] out string? error)
    {
        string text = typed?.Trim() ?? "";
        search = null;
        error =
            text.Length == 0 ? "Enter something to search for."
            : text.Length > MaxLength ? $"A search has at most {MaxLength} characters."
            : text.Any(char.IsControl) ? "A search cannot contain control characters."
            : text.StartsWith('"') ? ReadQuoted(text, out search)
            : text.Contains('=', StringComparison.Ordinal) ? ReadField(text, out search)
            : ReadWord(text, out search);
        return error is null;
    }

    private static string? ReadQuoted(string text, out DeliverySearch? search)
    {
        search = null;
        string inside = text.Length > 1 && text.EndsWith('"') ? text[1..^1] : "";
        if (inside.Trim().Length == 0)
        {
            return "Quoted text needs a quote at both ends and something between them.";
        }

        search = new PayloadSearch(new PayloadText(inside));
        return null;
    }

    private static string? ReadField(string text, out DeliverySearch? search)
    {
        search = null;
        int at = text.IndexOf('=', StringComparison.Ordinal);
        string path = text[..at].TrimEnd();
        string value = text[(at + 1)..].TrimStart();
        if (path is [.., '!' or '<' or '>' or '~'] || value.StartsWith('='))
        {
            return "A payload search takes only one '=', as in customer.email = a@b.c.";
        }

        if (!PayloadPath.TryRead(path, out IReadOnlyList<PathStep> steps, out string? wrong))
        {
            return $"{wrong} To search for the text itself, put it in quotes.";
        }

        bool quoted = value.StartsWith('"');
        if (value.Length == 0 || (quoted && (value.Length < 2 || !value.EndsWith('"'))))
        {
            return value.Length == 0 ? "Write a value after the '='; an empty text is \"\"." : "The value has a quote at its start but none at its end.";
        }

        search = new PayloadSearch(new PayloadField(path, steps, quoted ? value[1..^1] : value, quoted));
        return null;
    }

    private static string? ReadWord(string text, out DeliverySearch search)
    {
        search =
            IsIdStart(text) ? new IdSearch(text, text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant())
            : text.Contains(' ', StringComparison.Ordinal) ? new PayloadSearch(new PayloadText(text))
            : new WordSearch(text);
        return null;
    }

    // Hyphens may be missing, but where they are, they must be where an id has them.
    private static bool IsIdStart(string text)
    {
        string digits = text.Replace("-", "", StringComparison.Ordinal);
        return digits.Length is >= MinPrefix and <= 32
            && !digits.AsSpan().ContainsAnyExcept(s_hex)
            && (digits.Length == text.Length || text.Select((c, i) => (c == '-') == s_hyphens.Contains(i)).All(fits => fits));
    }
}

/// <summary>An id or its beginning: of an event, a delivery, a request or the client.</summary>
/// <param name="Text">As typed.</param>
/// <param name="Digits">8 to 32 hexadecimal digits in lower case.</param>
public sealed record IdSearch(string Text, string Digits) : DeliverySearch
{
    public bool IsComplete => Digits.Length == 32;

    /// <summary>The smallest and the largest id that begin with these digits.</summary>
    public (Guid First, Guid Last) Range => (Guid.ParseExact(Digits.PadRight(32, '0'), "N"), Guid.ParseExact(Digits.PadRight(32, 'f'), "N"));
}

/// <summary>A word that is not an id: a client id or its beginning, an event type, or, within a time range, a text in payloads.</summary>
public sealed record WordSearch(string Text) : DeliverySearch;

/// <summary>A value in payloads; needs a time range.</summary>
public sealed record PayloadSearch(PayloadCondition Condition) : DeliverySearch;
