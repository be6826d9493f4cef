using System.Collections.Frozen;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>What people and programs read about one kind of failure (specification §7).</summary>
/// <param name="Word">Stable name for the API. A class as a whole uses the name of the class.</param>
/// <param name="Title">A few words.</param>
/// <param name="Diagnosis">What happened, in one sentence. In the table <see cref="FailureTexts.Status"/> and the like stand for what differs.</param>
/// <param name="Remedy">What to do, in one sentence.</param>
public sealed record FailureText(FailureKind Kind, string Word, string Title, string Diagnosis, string Remedy);

/// <summary>
/// The words and sentences of every <see cref="FailureKind"/>, which <c>docs/troubleshooting.md</c> prints as well. People read them at three in
/// the morning.
/// </summary>
public static partial class FailureTexts
{
    /// <summary>In a diagnosis of the table: the status code in parentheses, or nothing.</summary>
    public const string Status = "{status}";

    /// <summary>In a diagnosis of the table: the detail of the attempt.</summary>
    public const string Detail = "{detail}";

    /// <summary>The table, in the order of the kinds.</summary>
    public static IReadOnlyList<FailureText> All { get; } = [.. Answers, .. Network, .. Faults];

    private static readonly FrozenDictionary<FailureKind, FailureText> s_byKind = All.ToFrozenDictionary(t => t.Kind);

    /// <summary>Name of a class in the API: <c>http_5xx</c>, <c>timeout</c>, …</summary>
    public static string NameOf(FailureClass failure) => NameOf(FailureKinds.Of(failure));

    /// <summary>Name of a kind in the API: <c>http_503</c>, <c>tls_expired</c>, …</summary>
    public static string NameOf(FailureKind kind) => s_byKind[kind].Word;

    public static bool TryParse(string? name, out FailureClass failure)
    {
        failure = Enum.GetValues<FailureClass>().FirstOrDefault(f => NameOf(f) == name);
        return failure != default;
    }

    /// <summary>The text of a failed attempt; null for one that succeeded.</summary>
    public static FailureText? Of(DeliveryAttempt attempt) =>
        attempt.FailureKind is { } kind ? For(kind, attempt.StatusCode, attempt.ErrorDetail)
        : attempt.FailureClass is { } failure ? For(failure, attempt.StatusCode)
        : null;

    /// <summary>The text when the attempt itself is not available.</summary>
    public static FailureText For(FailureClass failure, int? status) => For(FailureKinds.Of(failure, status), status, null);

    public static FailureText For(FailureKind kind, int? status, string? detail)
    {
        FailureText text = s_byKind[kind];
        return text with
        {
            Diagnosis = text
                .Diagnosis.Replace(Status, status is { } code ? $" ({code})" : "", StringComparison.Ordinal)
                .Replace(Detail, detail, StringComparison.Ordinal),
        };
    }
}
