using System.Text.RegularExpressions;

namespace WebhookConsole.Tests.Support;

/// <summary>A request in a file of calls.</summary>
/// <param name="Copies">What its comments tell people to copy from the answer: paths in it, and the variables they go into.</param>
public sealed record FileRequest(
    string Title,
    HttpMethod Method,
    string Address,
    IReadOnlyDictionary<string, string> Headers,
    string? Body,
    IReadOnlyList<(string Path, string Variable)> Copies
);

/// <summary>
/// A <c>.http</c> file as editors read it: variables, <c>###</c> between requests, comments, a request line that may go on in the next
/// lines, headers, and a body after an empty line.
/// </summary>
public sealed partial class HttpFile
{
    private readonly string[] _requests;

    public HttpFile(string text)
    {
        string[] parts = Separator().Split(text.ReplaceLineEndings("\n"));
        Variables = Variable().Matches(parts[0]).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim(), StringComparer.Ordinal);
        _requests = parts[1..];
    }

    /// <summary>The values that the file sets; a run may change them.</summary>
    public Dictionary<string, string> Variables { get; }

    public int Count => _requests.Length;

    /// <summary>A request with the variables as they are now.</summary>
    /// <exception cref="KeyNotFoundException">The file does not set a variable that it uses.</exception>
    public FileRequest Read(int index)
    {
        string[] lines = _requests[index].Split('\n');
        int first = Array.FindIndex(lines, 1, l => l.Length > 0 && l[0] != '#');
        int more = Array.FindIndex(lines, first + 1, l => !l.StartsWith(' '));
        int empty = Array.FindIndex(lines, more, l => l.Length == 0) is >= 0 and var found ? found : lines.Length;
        string[] line = Filled(string.Concat(lines[first..more].Select(l => l.Trim()))).Split(' ', 2);
        string body = string.Join('\n', lines[Math.Min(empty + 1, lines.Length)..]).Trim();
        return new FileRequest(
            lines[0].Trim(),
            HttpMethod.Parse(line[0]),
            line[1],
            lines[more..empty].Select(l => Filled(l).Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase),
            body.Length == 0 ? null : Filled(body),
            [.. lines[1..first].SelectMany(l => Copy().Matches(l)).Select(m => (m.Groups["path"].Value, m.Groups["name"].Value))]
        );
    }

    // A variable may name another one.
    private string Filled(string text) => Use().IsMatch(text) ? Filled(Use().Replace(text, m => Variables[m.Groups["name"].Value])) : text;

    [GeneratedRegex(@"^### ?", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^@(?<name>\w+) *= *(?<value>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Use();

    [GeneratedRegex(@"^# Copy (?<path>\S+) of the answer into @(?<name>\w+)\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Copy();
}
