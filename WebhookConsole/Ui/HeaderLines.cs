using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Ui;

/// <summary>Reads headers as attempts keep them: one <c>Name: value</c> per line, after the status line of a response.</summary>
public static class HeaderLines
{
    /// <summary>The headers in order. A line without a name (a status line, or one that was cut) is left out.</summary>
    public static IReadOnlyList<HeaderField> Parse(string lines)
    {
        List<HeaderField> headers = [];
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add(new HeaderField(line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return headers;
    }

    /// <summary>Bytes of a response's headers as text; anything that is not text becomes U+FFFD, so that nothing invisible is shown.</summary>
    public static string Decode(byte[] bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (char c in Encoding.UTF8.GetString(bytes))
        {
            text.Append(char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c);
        }

        return text.ToString();
    }

    /// <summary><c>HTTP/1.1 503 Service Unavailable</c>; null when the text has none.</summary>
    public static string? StatusLine(string lines) => lines.StartsWith("HTTP/", StringComparison.Ordinal) ? lines.Split('\n', 2)[0].TrimEnd() : null;
}
