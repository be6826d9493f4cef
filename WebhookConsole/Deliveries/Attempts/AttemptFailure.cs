using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>Why an attempt failed.</summary>
public sealed record AttemptFailure
{
    /// <summary>Maximum length of a detail in characters: the platform quotes whole lines of a receiver that does not speak HTTP.</summary>
    public const int MaxDetailLength = 500;

    /// <param name="kind">The cause.</param>
    /// <param name="detail">Any text; null where the kind and the status say everything.</param>
    public AttemptFailure(FailureKind kind, string? detail)
    {
        Kind = kind;
        Detail = detail is null ? null : OutsideText.Printable(detail, MaxDetailLength);
    }

    public FailureKind Kind { get; }

    /// <summary>For experts: one line of printable text, never a secret.</summary>
    public string? Detail { get; }
}
