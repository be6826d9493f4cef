using System.Collections.Frozen;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>One distinct cause of a failed attempt.</summary>
/// <param name="Word">Stable; an error detail starts with it and a colon. That of a class as a whole is the name of the class.</param>
/// <param name="Class">Failure class (specification §7).</param>
/// <param name="Title">A few words.</param>
/// <param name="Diagnosis">What happened, in one sentence. <see cref="FailureKinds.Status"/> and the like stand for what differs.</param>
/// <param name="Remedy">What to do, in one sentence.</param>
public sealed record FailureKind(string Word, FailureClass Class, string Title, string Diagnosis, string Remedy)
{
    /// <summary>False when the engine stops by itself: 410 disables the webhook, and what is planned is held.</summary>
    public bool Retried => Class != FailureClass.Gone;
}

/// <summary>
/// Every cause of a failed attempt: its word, class and sentences. The one place that knows them; <see cref="OutcomeClassifier"/> says
/// which it was, <see cref="FailureTexts"/> tells people, <c>docs/operations.md</c> lists them.
/// </summary>
public static class FailureKinds
{
    /// <summary>Characters of a detail at most: the platform quotes whole lines of a receiver that does not speak HTTP.</summary>
    public const int MaxDetailLength = 500;

    /// <summary>In a diagnosis: the status code in parentheses, or nothing.</summary>
    public const string Status = "{status}";

    /// <summary>In a diagnosis: what follows the word in the detail.</summary>
    public const string Detail = "{detail}";

    /// <summary>All of them, those of a class together; the first of each is the class as a whole.</summary>
    public static IReadOnlyList<FailureKind> All => FailureList.All;

    private static readonly FrozenDictionary<string, FailureKind> s_byWord = FailureList.All.ToFrozenDictionary(k => k.Word, StringComparer.Ordinal);

    private static readonly FrozenDictionary<FailureClass, FailureKind> s_byClass = Enum.GetValues<FailureClass>()
        .ToFrozenDictionary(c => c, c => FailureList.All.First(k => k.Class == c));

    /// <summary>The class as a whole, for where nothing more is known.</summary>
    public static FailureKind Of(FailureClass failure) => s_byClass[failure];

    /// <summary>The cause: by the word in the detail, else by the status code, else the class as a whole.</summary>
    public static FailureKind Of(FailureClass failure, int? status, string? detail)
    {
        FailureKind whole = s_byClass[failure];

        // A status that says "failed" keeps its class when the body behind it stalls: the detail then is of another one.
        return s_byWord.TryGetValue(WordOf(detail), out FailureKind? named) && named.Class == failure && named != whole ? named
            : status is { } code && s_byWord.TryGetValue($"http_{code}", out FailureKind? coded) && coded.Class == failure ? coded
            : whole;
    }

    /// <summary>What the detail says after its word.</summary>
    public static string RestOf(string? detail) => detail?.IndexOf(": ", StringComparison.Ordinal) is int at and >= 0 ? detail[(at + 2)..] : "";

    /// <summary>Class and detail for a word of the list: one line of printable text, whatever the receiver put into it.</summary>
    public static (FailureClass Class, string Detail) Say(string word, string text) =>
        (s_byWord[word].Class, OutsideText.Printable($"{word}: {text}", MaxDetailLength));

    private static string WordOf(string? detail) => detail?.Split(':', 2)[0] ?? "";
}
