using System.Text.RegularExpressions;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Architecture;

/// <summary>The links among the manuals lead somewhere, and the index has every page.</summary>
public sealed partial class ManualLinksTests
{
    public static TheoryData<string> Pages => [.. Manual.Pages.Keys];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndHeadingsThatExist(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        Assert.Empty(
            from Match link in Links().Matches(WithoutCode(Manual.Pages[page]))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Exists(page, folder, target.Split('#', 2))
            select target
        );
    }

    [Fact]
    public void Index_Documents_AreAllThere()
    {
        string index = Manual.Pages["docs/README.md"];
        string[] missing =
        [
            .. Manual
                .Pages.Keys.Where(p => p.StartsWith("docs/", StringComparison.Ordinal) && p != "docs/README.md")
                .Where(p => !index.Contains($"]({p["docs/".Length..]})", StringComparison.Ordinal)),
        ];
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("## `http_5xx`: the receiver's error", "http_5xx-the-receivers-error")]
    [InlineData("# Start, at once", "start-at-once")]
    public void Anchor_OfAHeading_IsAsForgesMakeIt(string line, string expected) => Assert.Equal([expected], AnchorsOf(line));

    private static bool Exists(string page, string folder, string[] target)
    {
        string path = target[0].Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, target[0])));
        return target.Length == 1
            ? Path.Exists(Path.Combine(Repository.Root, path))
            : Manual.Pages.TryGetValue(path, out string? text) && AnchorsOf(WithoutCode(text)).Contains(target[1]);
    }

    private static IEnumerable<string> AnchorsOf(string text) =>
        Headings().Matches(text).Select(m => NotInAnchors().Replace(m.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutCode(string text) => Fences().Replace(text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.NonBacktracking)]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fences();
}
