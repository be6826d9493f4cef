using System.Globalization;

namespace WebhookConsole.Ui;

/// <summary>Quantities as people read them; the culture is invariant everywhere.</summary>
public static class Formats
{
    /// <summary><c>123 ms</c>, <c>1.2 s</c>, <c>2 min 5 s</c>, <c>1 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan value)
    {
        TimeSpan time = value.Duration();
        return time switch
        {
            { TotalMilliseconds: < 1000 } => Text($"{time.TotalMilliseconds:0} ms"),
            { TotalSeconds: < 59.95 } => Text($"{time.TotalSeconds:0.#} s"),
            _ => Long(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds))),
        };
    }

    private static string Long(TimeSpan time) =>
        time switch
        {
            { TotalHours: < 1 } => Pair(time.Minutes, "min", time.Seconds, "s"),
            { TotalDays: < 1 } => Pair(time.Hours, "h", time.Minutes, "min"),
            _ => Pair((int)time.TotalDays, "d", time.Hours, "h"),
        };

    public static string Milliseconds(int milliseconds) => Duration(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary><c>512 B</c>, <c>1.2 KB</c>, <c>3 MB</c>; a KB is 1,024 bytes.</summary>
    public static string Bytes(long count) =>
        count switch
        {
            < 1024 => Text($"{count} B"),
            < 1024 * 1024 => Text($"{count / 1024d:0.#} KB"),
            < 1024L * 1024 * 1024 => Text($"{count / (1024d * 1024):0.#} MB"),
            _ => Text($"{count / (1024d * 1024 * 1024):0.#} GB"),
        };

    /// <summary><c>1,234</c></summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1,234 deliveries</c>, <c>1 delivery</c>.</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>A name inside a sentence. A name in Arabic or Hebrew would otherwise reorder the words and numbers after it.</summary>
    public static string Isolated(string name) => $"\u2068{name}\u2069";

    /// <summary><c>987</c>, <c>12.3k</c>, <c>5.1M</c>: for badges and axes.</summary>
    public static string Compact(long count) =>
        count switch
        {
            < 1000 => Text($"{count}"),
            < 999_950 => Text($"{count / 1000d:0.#}k"),
            _ => Text($"{count / 1_000_000d:0.#}M"),
        };

    /// <summary>A share of 0–1 as <c>99.8 %</c>. Never rounds up to 100: one failure must stay visible.</summary>
    public static string Percent(double share)
    {
        double percent = share * 100;
        return Text($"{(percent is > 99.9 and < 100 ? 99.9 : percent):0.#} %");
    }

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? Text($"{large} {largeUnit}") : Text($"{large} {largeUnit} {small} {smallUnit}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
