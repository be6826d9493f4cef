using System.Globalization;
using System.Text;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>An answer as bytes.</summary>
/// <param name="Took">From the first byte sent to the end of the connection.</param>
/// <param name="Ended">False when the connection was still open at the end of our patience.</param>
internal sealed record HostileAnswer(byte[] Bytes, TimeSpan Took, bool Ended)
{
    /// <summary>0 where the connection was closed without an answer.</summary>
    public int Status =>
        Bytes.Length >= 12 && int.TryParse(Encoding.ASCII.GetString(Bytes, 9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : 0;
}

/// <summary>What no answer may do, whatever was asked.</summary>
/// <param name="secrets">Texts that no answer may hold.</param>
internal sealed class HostileVerdict(IReadOnlyList<string> secrets)
{
    // From whatever prints exceptions and their traces.
    private static readonly string[] s_traces = ["\n   at ", "Exception: ", ".cs:line", "System.InvalidOperation", "Microsoft.AspNetCore.Server"];

    /// <returns>A sentence; null when the answer is in order.</returns>
    public string? ProblemOf(HostileRequest request, HostileAnswer answer)
    {
        string text = Encoding.Latin1.GetString(answer.Bytes);
        string head = text.Split("\r\n\r\n", 2)[0];
        return !answer.Ended ? "hangs"
            : answer.Bytes.Length > 0 && !text.StartsWith("HTTP/1.", StringComparison.Ordinal) ? "is no answer"
            : answer.Status is >= 500 and not (501 or 503 or 505) ? $"is {answer.Status}"
            : request.IsApi && head.Contains("text/html", StringComparison.OrdinalIgnoreCase) ? "is HTML for a program"
            : Array.Find(s_traces, t => text.Contains(t, StringComparison.Ordinal)) is { } trace ? $"holds '{trace.Trim()}'"
            : head.Contains("\r\nX-Injected", StringComparison.Ordinal) ? "holds a header of the sender's"
            : secrets.Any(s => text.Contains(s, StringComparison.Ordinal)) ? "holds a secret"
            : null;
    }
}
