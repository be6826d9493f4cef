using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebhookConsole.Domain;

/// <summary>One step of an <see cref="AnswerSequence"/>: the answer to <paramref name="Count"/> requests in a row.</summary>
/// <param name="Status">200–599.</param>
/// <param name="Count">1–1,000; the last step of a sequence that does not repeat answers everything that follows.</param>
/// <param name="DelayMs">How long to wait before the answer, 0–15,000 ms.</param>
public sealed record AnswerStep(int Status, int Count = 1, int DelayMs = 0)
{
    /// <summary>As written in a sequence: <c>500 x5 after 2s</c>.</summary>
    public override string ToString()
    {
        string delay =
            DelayMs == 0 ? ""
            : DelayMs % 1000 == 0 ? $" after {DelayMs / 1000}s"
            : $" after {DelayMs}ms";
        return string.Create(CultureInfo.InvariantCulture, $"{Status}{(Count == 1 ? "" : $" x{Count}")}{delay}");
    }
}

/// <summary>
/// What an inbox answers, request by request (specification §9): <c>500 x5, 200</c> is 500 five times, then 200 from then on, and
/// <c>500 x5, 200, repeat</c> begins again after the 200. This text is also what is stored.
/// </summary>
public sealed partial class AnswerSequence
{
    public const int MaxSteps = 20;
    public const int MaxCount = 1000;
    public const int MinStatus = 200;
    public const int MaxStatus = 599;
    public const int MaxDelayMs = 15_000;

    private const string Repeat = "repeat";

    private readonly long _round;

    private AnswerSequence(IReadOnlyList<AnswerStep> steps, bool repeats)
    {
        Steps = steps;
        Repeats = repeats;
        _round = steps.Sum(s => (long)s.Count);
    }

    /// <summary>200, always.</summary>
    public static AnswerSequence Ok { get; } = new([new AnswerStep(200)], repeats: false);

    public IReadOnlyList<AnswerStep> Steps { get; }

    /// <summary>True when it begins again after its last step, false when the last step answers everything that follows.</summary>
    public bool Repeats { get; }

    /// <summary>True when every request gets the same answer.</summary>
    public bool IsConstant => Steps.Count == 1;

    /// <exception cref="FormatException">The text was not written by <see cref="ToString"/>.</exception>
    public static AnswerSequence Parse(string text) =>
        TryRead(text, out AnswerSequence? sequence, out string? error) ? sequence : throw new FormatException(error);

    /// <summary>Makes a sequence of 1–20 steps.</summary>
    /// <returns>False with a sentence in <paramref name="error"/> that names the step that is out of range.</returns>
    public static bool TryCreate(
        IReadOnlyList<AnswerStep> steps,
        bool repeats,
        [NotNullWhen(true)] out AnswerSequence? sequence,
        [NotNullWhen(false)] out string? error
    )
    {
        sequence = null;
        error =
            steps.Count == 0 ? "Enter at least one answer, such as 200."
            : steps.Count > MaxSteps ? $"A sequence has at most {MaxSteps} steps."
            : steps.Select(ProblemOf).FirstOrDefault(p => p is not null);
        if (error is not null)
        {
            return false;
        }

        sequence = new AnswerSequence([.. steps], repeats);
        return true;
    }

    /// <summary>Reads steps separated by commas, such as <c>500 x5, 503 after 2s, 200</c>, with <c>repeat</c> at the end to begin again.</summary>
    /// <returns>False with a sentence in <paramref name="error"/> that quotes what cannot be read.</returns>
    public static bool TryRead(string? text, [NotNullWhen(true)] out AnswerSequence? sequence, [NotNullWhen(false)] out string? error)
    {
        sequence = null;
        string[] parts = (text ?? "").Split(',', StringSplitOptions.TrimEntries);
        bool repeats = parts.Length > 1 && string.Equals(parts[^1], Repeat, StringComparison.OrdinalIgnoreCase);
        if (repeats)
        {
            parts = parts[..^1];
        }

        List<AnswerStep> steps = [];
        foreach (string part in parts.Length is 1 && parts[0].Length == 0 ? [] : parts)
        {
            if (ReadStep(part) is not { } step)
            {
                error =
                    $"'{OutsideText.Excerpt(part)}' is not a step. Write a status such as 500, then x5 for five times and after 2s for a delay, with commas between steps.";
                return false;
            }

            steps.Add(step);
        }

        return TryCreate(steps, repeats, out sequence, out error);
    }

    /// <summary>Which step answers the request that follows <paramref name="answered"/> earlier ones.</summary>
    /// <returns>The index of the step, and which of its answers this is, counted from 1.</returns>
    public (int Step, long Nth) PlaceAt(long answered)
    {
        long left = Repeats ? answered % _round : answered;
        for (int i = 0; i < Steps.Count - 1; i++)
        {
            if (left < Steps[i].Count)
            {
                return (i, left + 1);
            }

            left -= Steps[i].Count;
        }

        return (Steps.Count - 1, left + 1);
    }

    /// <summary>The answer to the request that follows <paramref name="answered"/> earlier ones.</summary>
    public AnswerStep At(long answered) => Steps[PlaceAt(answered).Step];

    /// <summary>The text that <see cref="TryRead"/> reads.</summary>
    public override string ToString() => string.Join(", ", Steps.Select(s => s.ToString()).Concat(Repeats ? [Repeat] : []));

    private static string? ProblemOf(AnswerStep step) =>
        step.Status is < MinStatus or > MaxStatus ? $"'{step.Status}' is not a status that an inbox can answer with: use {MinStatus}–{MaxStatus}."
        : step.Count is < 1 or > MaxCount ? $"A step answers 1–{MaxCount} requests, not {step.Count}."
        : step.DelayMs is < 0 or > MaxDelayMs ? $"A delay is 0–{MaxDelayMs / 1000} seconds, not {step.DelayMs} ms."
        : null;

    private static AnswerStep? ReadStep(string part)
    {
        Match match = StepPattern().Match(part);
        if (!match.Success)
        {
            return null;
        }

        Group count = match.Groups["count"];
        Group delay = match.Groups["delay"];
        int unit = string.Equals(match.Groups["unit"].Value, "s", StringComparison.OrdinalIgnoreCase) ? 1000 : 1;
        return new AnswerStep(
            int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture),
            count.Success ? int.Parse(count.ValueSpan, CultureInfo.InvariantCulture) : 1,
            delay.Success ? (int)(decimal.Parse(delay.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit) : 0
        );
    }

    // The lengths keep every number within an int.
    [GeneratedRegex(
        @"^(?<status>[0-9]{1,6})(\s*[x×]\s*(?<count>[0-9]{1,6}))?(\s+after\s+(?<delay>[0-9]{1,6}(\.[0-9]{1,3})?)\s*(?<unit>ms|s))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex StepPattern();
}
