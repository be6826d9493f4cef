using System.Text.RegularExpressions;

namespace WebhookConsole.Tests.Support;

/// <summary>Reads what the manuals print, so that tests use the very same text.</summary>
public static partial class Manual
{
    /// <summary>A fenced block.</summary>
    /// <param name="page">File in <c>docs</c>.</param>
    /// <param name="firstLine">Its first line.</param>
    public static string Block(string page, string firstLine)
    {
        string text = Repository.ReadText("docs", page);
        return Fences().Matches(text).Select(m => m.Groups["block"].Value).Single(b => b.StartsWith(firstLine + "\n", StringComparison.Ordinal));
    }

    /// <summary>Every Markdown file at the root and in <c>docs</c>, by its path from the root.</summary>
    public static IReadOnlyDictionary<string, string> Pages { get; } =
        Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .ToDictionary(f => Path.GetRelativePath(Repository.Root, f), File.ReadAllText, StringComparer.Ordinal);

    [GeneratedRegex(@"^```\w+\n(?<block>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fences();
}
