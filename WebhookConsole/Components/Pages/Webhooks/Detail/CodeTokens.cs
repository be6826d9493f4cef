using System.Text.RegularExpressions;
using WebhookConsole.Signing.Receivers;

namespace WebhookConsole.Components.Pages.Webhooks.Detail;

/// <summary>A piece of code with the class that colours it; null for plain text.</summary>
internal readonly record struct CodeToken(string Text, string? Class);

/// <summary>Colours comments, strings and keywords, which is all that a page of code needs to be readable.</summary>
internal static partial class CodeTokens
{
    public static IReadOnlyList<CodeToken> Split(string code, ReceiverLanguage language)
    {
        HashSet<string> keywords = new(language.Keywords.Split(' '), StringComparer.Ordinal);
        List<CodeToken> tokens = [];
        int end = 0;
        foreach (Match match in (language.Comment == "#" ? HashPieces() : SlashPieces()).Matches(code))
        {
            string? css =
                match.Groups["comment"].Success ? "c-comment"
                : match.Groups["text"].Success ? "j-text"
                : keywords.Contains(match.Value) ? "j-literal"
                : null;
            if (css is not null)
            {
                tokens.Add(new CodeToken(code[end..match.Index], null));
                tokens.Add(new CodeToken(match.Value, css));
                end = match.Index + match.Length;
            }
        }

        tokens.Add(new CodeToken(code[end..], null));
        return [.. tokens.Where(t => t.Text.Length > 0)];
    }

    // A comment starts a line or follows a space, so that neither an address nor "#{…}" begins one.
    [GeneratedRegex("""(?<comment>(?<=^|[ \t])//.*$)|(?<text>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`)|(?<word>[A-Za-z_]+)""", RegexOptions.Multiline, 1000)]
    private static partial Regex SlashPieces();

    [GeneratedRegex("""(?<comment>(?<=^|[ \t])#.*$)|(?<text>"[^"\n]*"|'[^'\n]*')|(?<word>[A-Za-z_]+)""", RegexOptions.Multiline, 1000)]
    private static partial Regex HashPieces();
}
