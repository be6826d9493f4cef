using System.Buffers;
using System.Globalization;
using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Audit;

/// <summary>Writes entries as CSV (RFC 4180) that a spreadsheet can open without executing what strangers wrote.</summary>
public static class AuditCsv
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\";\r\n\t");

    public const string Header = "time,action,actor_kind,actor_id,actor,target_kind,target_id,target,remote_address,details,id,sequence,hash\r\n";

    /// <summary>Appends one row with its line end.</summary>
    public static void Append(StringBuilder text, AuditEntry entry)
    {
        string?[] cells =
        [
            entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            entry.Action,
            entry.ActorKind,
            entry.ActorId?.ToString(),
            entry.ActorName,
            entry.TargetKind,
            entry.TargetId?.ToString(),
            entry.TargetName,
            entry.RemoteAddress,
            entry.Details,
            entry.Id.ToString(),
            entry.Sequence.ToString(CultureInfo.InvariantCulture),
            Convert.ToHexStringLower(entry.Hash),
        ];
        text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
    }

    /// <summary>
    /// One cell. Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection; wide signs count in some
    /// languages); text with a comma, quote, semicolon or line end is quoted.
    /// </summary>
    public static string Cell(string? value)
    {
        string text = value is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '\t' or '\r' or '\n', ..] ? "'" + value : value ?? "";
        bool quote = text.AsSpan().ContainsAny(s_quoted) || text is [' ', ..] or [.., ' '];
        return quote ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
