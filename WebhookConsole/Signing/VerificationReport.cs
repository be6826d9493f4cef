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
);

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
