using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Ui;

/// <summary>Turns requests into commands for a POSIX shell. It is pure and quotes every value, whoever wrote it.</summary>
public static class CurlCommand
{
    private const string NextLine = " \\\n  ";

    /// <summary>
    /// Repeats an attempt with its signature and its time stamp. The values of extra headers were not recorded; a placeholder stands
    /// where each belongs.
    /// </summary>
    /// <param name="url">The address that it was sent to.</param>
    /// <param name="headers">The headers as recorded.</param>
    /// <param name="body">The JSON that was sent.</param>
    public static string Repeat(string url, IReadOnlyList<HeaderField> headers, string body)
    {
        // Without --globoff, curl would treat [ ] and { } in an address as a pattern.
        StringBuilder command = new StringBuilder("curl --globoff ").Append(Quote(url));
        foreach ((string name, string value) in headers)
        {
            // "Name:" means "leave it out" to curl; a header without a value is written "Name;".
            string line =
                value.Length == 0 ? $"{name};"
                : HeaderHint.IsHint(value) ? $"{name}: <value of {name}>"
                : $"{name}: {value}";
            command.Append(NextLine).Append("--header ").Append(Quote(line));
        }

        // Unlike --data, --data-raw does not read a file when the text begins with @.
        return command.Append(NextLine).Append("--data-raw ").Append(Quote(body)).ToString();
    }

    /// <summary>Posts an event. The token is written as <c>$WEBHOOKCONSOLE_TOKEN</c>, so that none ends up in a shell history.</summary>
    /// <param name="origin">Scheme and host of this console, without a slash at the end.</param>
    /// <param name="projectSlug">The project.</param>
    /// <param name="eventType">For example <c>order.paid</c>.</param>
    public static string PostEvent(string origin, string projectSlug, string eventType)
    {
        string body = $$$"""{"type":"{{{eventType}}}","payload":{"hello":"world"}}""";
        return $"curl {Quote($"{origin}/api/v1/projects/{Uri.EscapeDataString(projectSlug)}/events")}"
            + $"{NextLine}--header \"Authorization: Bearer $WEBHOOKCONSOLE_TOKEN\""
            + $"{NextLine}--header 'Content-Type: application/json'"
            + $"{NextLine}--data-raw {Quote(body)}";
    }

    /// <summary>A call of the API, with the token as in <see cref="PostEvent"/>.</summary>
    /// <param name="path">With its parameters filled in.</param>
    /// <param name="body">JSON; null for none.</param>
    public static string Call(string origin, string method, string path, string? body)
    {
        string verb = HttpMethod.Get.Method == method ? "" : $"--request {method} ";
        string command = $"curl {verb}{Quote(origin + path)}{NextLine}--header \"Authorization: Bearer $WEBHOOKCONSOLE_TOKEN\"";
        return body is null ? command : $"{command}{NextLine}--header 'Content-Type: application/json'{NextLine}--data-raw {Quote(body)}";
    }

    // Inside single quotes a POSIX shell changes nothing; the quote itself is closed, escaped and opened again.
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
