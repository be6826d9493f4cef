using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebhookConsole.Domain;

/// <summary>Points in time as text (RFC 3339 §5.6) with a zone: without one, each side would read another moment.</summary>
public static partial class Rfc3339
{
    /// <summary>What is accepted; it follows the name of a field.</summary>
    public const string Rule = "an RFC 3339 time with its zone, such as 2026-01-31T09:30:00Z, in the years 2000 to 2199";

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly DateTimeOffset s_earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_end = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>In UTC with milliseconds and <c>Z</c>, the precision in which times are stored.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <returns>False with a sentence in <paramref name="error"/> for what breaks the <see cref="Rule"/>.</returns>
    public static bool TryRead(string? text, out DateTimeOffset time, [NotNullWhen(false)] out string? error)
    {
        bool read =
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            && Shape().IsMatch(text)
            && time >= s_earliest
            && time < s_end;
        error = read ? null : $"A time is {Rule}.";
        return read;
    }

    // The platform's parser alone accepts far more: 12:00Z, 01/02/2026, 2026-01-01Z.
    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Shape();
}
