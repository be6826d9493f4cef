using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WebhookConsole.Domain;

/// <summary>
/// The delays between the attempts of a delivery (specification §7). <c>n</c> delays make <c>n + 1</c> attempts. Kept and sent as a
/// name (<c>patient</c>, <c>brisk</c>, <c>standard</c>, <c>none</c>) or, for a custom one, as seconds: <c>5,300,1800</c>.
/// </summary>
public sealed class RetrySchedule
{
    public const int MaxCustomDelays = 20;

    public static readonly TimeSpan MinDelay = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(24);

    /// <summary>1m, 5m, 15m, 1h, 6h: six attempts. NovaVMS uses it, and it is the default.</summary>
    public static readonly RetrySchedule Patient = new("patient", [60, 300, 900, 3600, 21600]);

    /// <summary>30s, 5m, 30m, 2h: five attempts. Revnoxa uses it.</summary>
    public static readonly RetrySchedule Brisk = new("brisk", [30, 300, 1800, 7200]);

    /// <summary>5s, 5m, 30m, 2h, 5h, 10h, 10h: eight attempts. Standard Webhooks suggests it.</summary>
    public static readonly RetrySchedule Standard = new("standard", [5, 300, 1800, 7200, 18000, 36000, 36000]);

    /// <summary>One attempt only.</summary>
    public static readonly RetrySchedule None = new("none", []);

    private static readonly RetrySchedule[] s_named = [Patient, Brisk, Standard, None];

    private RetrySchedule(string text, IReadOnlyList<int> seconds)
    {
        Text = text;
        Delays = seconds.Select(s => TimeSpan.FromSeconds(s)).ToArray();
    }

    /// <summary>The schedules that have a name, in the order in which to offer them.</summary>
    public static IReadOnlyList<RetrySchedule> Named => s_named;

    public string Text { get; }

    public IReadOnlyList<TimeSpan> Delays { get; }

    public int MaxAttempts => Delays.Count + 1;

    public bool IsCustom => !s_named.Contains(this);

    /// <summary>Makes a custom schedule of 1–20 delays, each 1 s to 24 h.</summary>
    public static bool TryCustom(IReadOnlyList<int> seconds, [NotNullWhen(true)] out RetrySchedule? schedule, [NotNullWhen(false)] out string? error)
    {
        schedule = null;
        error = null;
        if (seconds.Count is 0 or > MaxCustomDelays || seconds.Any(s => s < MinDelay.TotalSeconds || s > MaxDelay.TotalSeconds))
        {
            error = $"A custom retry schedule has 1–{MaxCustomDelays} delays of 1–86400 seconds each.";
            return false;
        }

        schedule = new RetrySchedule(string.Join(',', seconds.Select(s => s.ToString(CultureInfo.InvariantCulture))), seconds);
        return true;
    }

    /// <summary>Reads a name or comma-separated seconds.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RetrySchedule? schedule, [NotNullWhen(false)] out string? error)
    {
        schedule = s_named.FirstOrDefault(s => string.Equals(s.Text, text, StringComparison.Ordinal));
        error = null;
        if (schedule is not null)
        {
            return true;
        }

        List<int> seconds = [];
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                error = "A retry schedule is patient, brisk, standard, none or a list of delays in seconds.";
                return false;
            }

            seconds.Add(value);
        }

        return TryCustom(seconds, out schedule, out error);
    }

    /// <summary>Reads what <see cref="Text"/> holds.</summary>
    /// <exception cref="FormatException">Not a schedule.</exception>
    public static RetrySchedule Parse(string text) =>
        TryParse(text, out RetrySchedule? schedule, out string? error) ? schedule : throw new FormatException(error);

    public override string ToString() => Text;
}
