using System.Globalization;
using System.Text.RegularExpressions;

namespace WebhookConsole.Data.Store;

/// <summary>The text of a statement as PostgreSQL numbers its parameters: the driver would look for their names at every execution.</summary>
internal static partial class PostgresText
{
    /// <summary>Turns @p0 into $1, @p1 into $2, and so on.</summary>
    public static string Numbered(string sql) =>
        Parameter().Replace(sql, match => "$" + (int.Parse(match.ValueSpan[2..], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("@p[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
