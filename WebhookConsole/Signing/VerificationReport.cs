using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>What <see cref="SignatureVerifier"/> found out about a received request.</summary>
/// <param name="Valid">True when a secret matches and no check failed.</param>
/// <param name="Checks">Every check exactly once, in the order in which they are made.</param>
/// <param name="Summary">One sentence for a list row.</param>
/// <param name="Format">The format that was given or detected; null when there was none to detect.</param>
/// <param name="MatchedFingerprint">Fingerprint of the secret that matches, even when the timestamp is too old; otherwise null.</param>
public sealed record VerificationReport(
    bool Valid,
    IReadOnlyList<VerificationCheck> Checks,
    string Summary,
    SignatureFormat? Format,
    string? MatchedFingerprint
)
{
    /// <summary>What is signed before the body, as the format says: <c>id.timestamp.</c>; null when a header for it is missing.</summary>
    public string? SignedPrefix { get; init; }

    /// <summary>The failed check that says most about the cause; null when none failed.</summary>
    public VerificationCheck? Cause => CauseOf(Checks);

    // A check that explains why a signature does not match says more than the one that says that it does not.
    internal static VerificationCheck? CauseOf(IReadOnlyList<VerificationCheck> checks) =>
        s_byImportance.Select(n => checks.FirstOrDefault(c => c.Name == n && c.Result == CheckResult.Failed)).FirstOrDefault(c => c is not null);

    private static readonly string[] s_byImportance =
    [
        CheckNames.WebhookSecret,
        CheckNames.Key,
        CheckNames.Body,
        CheckNames.SignedBytes,
        CheckNames.Recorded,
        CheckNames.Signature,
        CheckNames.Timestamp,
        CheckNames.Headers,
        CheckNames.Computed,
        CheckNames.Clock,
    ];
}

/// <summary>One step of a verification.</summary>
/// <param name="Name">A few words, such as "Timestamp".</param>
/// <param name="Result">How it went.</param>
/// <param name="Sentence">What was found and, on failure, what to do. Holds no secret.</param>
public sealed record VerificationCheck(string Name, CheckResult Result, string Sentence);

/// <summary>How a check went.</summary>
public enum CheckResult
{
    Passed = 0,
    Failed = 1,

    /// <summary>The check was not made, because it does not apply or an earlier one failed.</summary>
    Skipped = 2,
}
