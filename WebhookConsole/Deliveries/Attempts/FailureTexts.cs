using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <param name="Name">Stable word of the class for the API and filters.</param>
/// <param name="Title">A few words.</param>
/// <param name="Diagnosis">What happened, in one sentence.</param>
/// <param name="Remedy">What to do, in one sentence.</param>
public sealed record FailureText(string Name, string Title, string Diagnosis, string Remedy);

/// <summary>What people read about a failure (specification §7): one sentence of diagnosis, one of what to do.</summary>
public static class FailureTexts
{
    /// <summary>Name of a class in the API: <c>http_5xx</c>, <c>timeout</c>, …</summary>
    public static string NameOf(FailureClass failure) => FailureKinds.Of(failure).Word;

    public static bool TryParse(string? name, out FailureClass failure)
    {
        failure = Enum.GetValues<FailureClass>().FirstOrDefault(f => NameOf(f) == name);
        return failure != default;
    }

    /// <summary>The text of a failure; status and <paramref name="detail"/> refine it where the class has kinds.</summary>
    public static FailureText For(FailureClass failure, int? status, string? detail)
    {
        FailureKind kind = FailureKinds.Of(failure, status, detail);
        string diagnosis = kind
            .Diagnosis.Replace(FailureKinds.Status, status is { } code ? $" ({code})" : "", StringComparison.Ordinal)
            .Replace(FailureKinds.Detail, FailureKinds.RestOf(detail), StringComparison.Ordinal);
        return new FailureText(NameOf(failure), kind.Title, diagnosis, kind.Remedy);
    }
}
