using WebhookConsole.Components.Controls;
using WebhookConsole.Deliveries.Verifying;
using WebhookConsole.Signing;

namespace WebhookConsole.Components.Pages.Verifier;

/// <summary>A report as the page shows it: one verdict, and the checks that led to it.</summary>
/// <param name="SignedPrefix">What should be signed before the body; null when a header for it is missing.</param>
public sealed record VerifierResult(Tone Tone, string Title, string Text, IReadOnlyList<VerificationCheck> Checks, string? SignedPrefix)
{
    public static VerifierResult Of(VerificationReport report, bool ignoreAge)
    {
        // A pasted request was often received a while ago: "correct but old" is a different answer from "wrong".
        VerificationCheck? age = report.Checks.FirstOrDefault(c => c is { Name: CheckNames.Timestamp, Result: CheckResult.Failed });
        bool onlyAge =
            age is not null
            && report.MatchedFingerprint is not null
            && report.Checks.All(c => c == age || c.Result != CheckResult.Failed || !CheckNames.All.Contains(c.Name));
        IReadOnlyList<VerificationCheck> checks =
            age is not null && ignoreAge
                ? report
                    .Checks.Select(c => c == age ? age with { Result = CheckResult.Skipped, Sentence = "Ignored, as you asked. " + age.Sentence } : c)
                    .ToArray()
                : report.Checks;
        VerificationCheck? cause = (report with { Checks = checks }).Cause;
        if (report.Valid || (onlyAge && ignoreAge))
        {
            string text = $"Signed with the secret {report.MatchedFingerprint}{(report.Valid ? "." : "; the age of the request was ignored.")}";
            return cause is null
                ? new(Tone.Good, "The signature is valid", text, checks, report.SignedPrefix)
                : new(Tone.Warn, $"The signature is valid, but {Afterthought(cause.Name)}", cause.Sentence, checks, report.SignedPrefix);
        }

        return onlyAge
            ? new(Tone.Warn, "The signature is correct, but the time is not", age!.Sentence, checks, report.SignedPrefix)
            : new(Tone.Bad, Verdict(cause?.Name), cause?.Sentence ?? "", checks, report.SignedPrefix);
    }

    private static string Verdict(string? cause) =>
        cause switch
        {
            CheckNames.WebhookSecret => "Not valid: the receiver’s secret is wrong",
            CheckNames.Key => "Not valid: the key was derived differently",
            CheckNames.Body or CheckNames.Recorded => "Not valid: the body was changed",
            CheckNames.SignedBytes => "Not valid: something else was signed",
            CheckNames.Headers => "Not valid: a header is missing",
            _ => "The signature is not valid",
        };

    private static string Afterthought(string cause) =>
        cause switch
        {
            CheckNames.Computed => "your code computes a different one",
            CheckNames.WebhookSecret => "the receiver’s secret is wrong",
            CheckNames.Clock => "the receiver’s clock is wrong",
            _ => "something else differs from what was sent",
        };
}
