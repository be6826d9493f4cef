using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Inbox;

/// <summary>The input of an <see cref="AnswerSequence"/>, which may be out of range while somebody types.</summary>
public sealed class InboxAnswers
{
    public List<InboxAnswerStep> Steps { get; private init; } = [];

    public bool Repeats { get; set; }

    public static InboxAnswers Of(AnswerSequence sequence) => new() { Steps = [.. sequence.Steps.Select(InboxAnswerStep.Of)], Repeats = sequence.Repeats };

    /// <summary>Whether the number of answers of a step matters: the last step of a sequence that does not start over never ends.</summary>
    public bool Counts(int index) => Steps.Count > 1 && (Repeats || index < Steps.Count - 1);

    public bool TryRead([NotNullWhen(true)] out AnswerSequence? sequence, [NotNullWhen(false)] out string? error) =>
        AnswerSequence.TryCreate(ToSteps(), Repeats && Steps.Count > 1, out sequence, out error);

    /// <summary>The text of the sequence, valid or not.</summary>
    public override string ToString() => string.Join(", ", ToSteps().Select(s => s.ToString()).Concat(Repeats && Steps.Count > 1 ? ["repeat"] : []));

    private List<AnswerStep> ToSteps() => [.. Steps.Select((s, i) => new AnswerStep(s.Status, Counts(i) ? s.Count : 1, s.DelayMs))];
}

/// <summary>One row of the form.</summary>
public sealed class InboxAnswerStep
{
    /// <summary>Value of <see cref="Choice"/> when <see cref="CustomStatus"/> applies.</summary>
    public const int Custom = 0;

    private static readonly (int Code, string Name)[] s_statuses =
    [
        (200, "OK"),
        (204, "No Content"),
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (410, "Gone"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
    ];

    /// <summary>The statuses that are offered by name.</summary>
    public static IReadOnlyList<(int Code, string Name)> Statuses => s_statuses;

    public int Choice { get; set; } = 200;

    public int CustomStatus { get; set; } = 200;

    public int Count { get; set; } = 1;

    public int DelayMs { get; set; }

    public int Status => Choice == Custom ? CustomStatus : Choice;

    public static InboxAnswerStep Of(AnswerStep step) =>
        new()
        {
            Choice = s_statuses.Any(s => s.Code == step.Status) ? step.Status : Custom,
            CustomStatus = step.Status,
            Count = step.Count,
            DelayMs = step.DelayMs,
        };
}
