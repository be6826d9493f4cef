using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace WebhookConsole.Deliveries.History;

/// <summary>One step into a JSON value: a member by name, an element by index, or any element.</summary>
/// <param name="Name">Null for a step into an array.</param>
/// <param name="Index">Null for a member and for any element.</param>
public readonly record struct PathStep(string? Name, int? Index);

/// <summary>
/// Reads the path of a payload search: <c>customer.email</c>, <c>items[0].sku</c>, <c>items[*].sku</c>, <c>["a name"].id</c>, each with an
/// optional <c>$.</c> in front. A name without quotes is letters, digits, <c>_</c> and <c>-</c>.
/// </summary>
public static class PayloadPath
{
    private const int MaxSteps = 64;

    /// <returns>False with a sentence in <paramref name="error"/>.</returns>
    public static bool TryRead(string text, out IReadOnlyList<PathStep> steps, [NotNullWhen(false)] out string? error)
    {
        List<PathStep> read = [];
        steps = read;
        error = null;
        int at = text.StartsWith('$') ? 1 : 0;
        if (text.Length == at)
        {
            error = "Write the path of a field before the '=', such as customer.email.";
            return false;
        }

        while (at < text.Length && error is null)
        {
            error =
                read.Count == MaxSteps ? "The path has more levels than a payload can have."
                : text[at] == '[' ? ReadBracket(text, ref at, read)
                : ReadName(text, ref at, read);
        }

        return error is null;
    }

    private static string? ReadName(string text, ref int at, List<PathStep> steps)
    {
        if (text[at] == '.')
        {
            at++;
        }
        else if (steps.Count > 0 || text[0] == '$')
        {
            return $"A '.' or '[' is missing in the path after '{text[..at]}'.";
        }

        int start = at;
        while (at < text.Length && IsPlain(text[at]))
        {
            at++;
        }

        if (at == start)
        {
            return at == text.Length
                ? $"The path '{text}' ends with a '.'; a name is missing."
                : $"The path cannot contain '{text[at]}' here. Put an unusual name in brackets and quotes: [\"a name\"].";
        }

        steps.Add(new PathStep(text[start..at], null));
        return null;
    }

    private static string? ReadBracket(string text, ref int at, List<PathStep> steps)
    {
        int start = at + 1;
        bool quoted = start < text.Length && text[start] == '"';
        int end = quoted ? EndOfQuote(text, start) : text.IndexOf(']', start);
        if (end < 0 || end >= text.Length || text[end] != ']')
        {
            return "A ']' is missing in the path.";
        }

        string inside = text[start..end];
        at = end + 1;
        if (quoted)
        {
            steps.Add(new PathStep(Unescape(inside[1..^1]), null));
        }
        else if (inside == "*")
        {
            steps.Add(new PathStep(null, null));
        }
        else if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            steps.Add(new PathStep(null, index));
        }
        else
        {
            return $"Between '[' and ']' the path takes a number, '*' or a name in quotes, not '{inside}'.";
        }

        return null;
    }

    // The position after the closing quote; a quote inside the name has a backslash before it.
    private static int EndOfQuote(string text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return -1;
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
