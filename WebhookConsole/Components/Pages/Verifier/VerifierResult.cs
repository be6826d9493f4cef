using WebhookConsole.Components.Controls;
using WebhookConsole.Signing;

namespace WebhookConsole.Components.Pages.Verifier;

/// <summary>A report as the page shows it.</summary>
/// <param name="Hint">A pasting mistake that explains it; null for none.</param>
public sealed record VerifierResult(Tone Tone, string Title, string Text, IReadOnlyList<VerificationCheck> Checks, string? Hint)
{
    public static VerifierResult Of(VerificationReport report, bool ignoreAge, string? hint)
    {
        // A pasted request was often received a while ago: "correct but old" is a different answer from "wrong".
        VerificationCheck? age = report.Checks.FirstOrDefault(c => c is { Name: CheckNames.Timestamp, Result: CheckResult.Failed });
        bool onlyAge = age is not null && report.MatchedFingerprint is not null && report.Checks.All(c => c == age || c.Result != CheckResult.Failed);
        IReadOnlyList<VerificationCheck> checks =
            age is not null && ignoreAge
                ? report
                    .Checks.Select(c => c == age ? age with { Result = CheckResult.Skipped, Sentence = "Ignored, as you asked. " + age.Sentence } : c)
                    .ToArray()
                : report.Checks;
        if (report.Valid || (onlyAge && ignoreAge))
        {
            return new(
                Tone.Good,
                "The signature is valid",
                $"Signed with the secret {report.MatchedFingerprint}{(report.Valid ? "." : "; the age of the request was ignored.")}",
                checks,
                hint
            );
        }

        return onlyAge
            ? new(Tone.Warn, "The signature is correct, but the time is not", age!.Sentence, checks, hint)
            : new(Tone.Bad, "The signature is not valid", hint ?? checks.LastOrDefault(c => c.Result == CheckResult.Failed)?.Sentence ?? "", checks, hint);
    }
}
