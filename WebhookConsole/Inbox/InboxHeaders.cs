using System.Globalization;
using Microsoft.Extensions.Primitives;
using WebhookConsole.Domain;

namespace WebhookConsole.Inbox;

/// <summary>The headers of a request as an inbox keeps them: one <c>Name: value</c> per line.</summary>
public static class InboxHeaders
{
    // An inbox has the console's own host: a browser that opens its address sends the session cookie along, and every viewer can read
    // the inbox. A proxy's basic authentication is the same case.
    private static readonly string[] s_hidden = ["Cookie", "Authorization", "Proxy-Authorization"];

    internal static List<HeaderField> Of(IHeaderDictionary headers)
    {
        List<HeaderField> fields = [];
        foreach ((string name, StringValues values) in headers)
        {
            foreach (string? value in values)
            {
                fields.Add(new HeaderField(name, s_hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? Hidden(value) : value ?? ""));
            }
        }

        return fields;
    }

    /// <summary>As the row keeps them.</summary>
    public static string Write(IEnumerable<HeaderField> headers) => string.Join('\n', headers.Select(h => $"{h.Name}: {h.Value}"));

    /// <summary>Also reads pasted lines: white space around names and values is ignored, and lines without a colon are left out.</summary>
    public static IReadOnlyList<HeaderField> Read(string lines) =>
        lines
            .Split('\n')
            .Select(line => (Line: line, Colon: line.IndexOf(':', StringComparison.Ordinal)))
            .Where(l => l.Colon > 0)
            .Select(l => new HeaderField(l.Line[..l.Colon].Trim(), l.Line[(l.Colon + 1)..].Trim()))
            .ToArray();

    /// <summary>The value of the first header of that name; null when there is none.</summary>
    public static string? Find(string lines, string name) =>
        Read(lines).FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static string Hidden(string? value) => string.Create(CultureInfo.InvariantCulture, $"(not kept, {value?.Length ?? 0} characters)");
}
