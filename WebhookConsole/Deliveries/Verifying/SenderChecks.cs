using System.Globalization;
using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Signing.Diagnosis;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Verifying;

/// <summary>What the sender knows and a stranger could not tell: whose secret it is, what was sent, and what the receiver's clock said.</summary>
internal static class SenderChecks
{
    private const string RequestIdHeader = "X-Request-Id";

    /// <summary>The id that every request of ours carries; null when it is missing or no id.</summary>
    public static Guid? RequestId(IReadOnlyList<HeaderField> headers) => Id(headers, RequestIdHeader);

    /// <summary>The event's id, from whichever header a format has for it.</summary>
    public static Guid? EventId(IReadOnlyList<HeaderField> headers) =>
        SignatureFormats.All.Select(f => Id(headers, f.IdHeader)).FirstOrDefault(id => id is not null);

    /// <summary>Compares the receiver's secret, or the one that signed, with those of the webhook. Only fingerprints are named.</summary>
    public static VerificationCheck OfSecret(DeliveryTarget target, SigningSecret? pasted, RecordedRequest? recorded, string? matched, DateTimeOffset now)
    {
        string[] valid = [.. target.ValidSecrets(now).Select(s => s.Fingerprint)];
        string signs = valid.Length == 0 ? "no secret that can be read" : string.Join(" and ", valid);
        if (pasted is not null)
        {
            bool known = valid.Contains(pasted.Fingerprint);
            string whole = SigningSecret.FromText(SigningSecret.Prefix + pasted.Text).Fingerprint;
            string text =
                known
                    ? $"Your secret {pasted.Fingerprint} is {(pasted.Fingerprint == valid[0] ? "the current secret" : "an old but still valid secret")} of “{target.Name}”."
                : valid.Contains(whole)
                    ? $"Your secret is {(whole == valid[0] ? "the current secret" : "an old but still valid secret")} of “{target.Name}” without “{SigningSecret.Prefix}” in front. Give the receiver the whole text: libraries expect it."
                : recorded?.SignedWith.Contains(pasted.Fingerprint) == true
                    ? $"Your secret {pasted.Fingerprint} signed this attempt, but “{target.Name}” no longer has it: it has since been rotated or revoked. The webhook signs with {signs} now."
                : $"Your secret is {pasted.Fingerprint}, but “{target.Name}” signs with {signs}. Give the receiver the secret of this webhook, or rotate it if nobody has it.";
            return new(CheckNames.WebhookSecret, known ? CheckResult.Passed : CheckResult.Failed, text);
        }

        if (recorded?.Attempt is not null && recorded.WebhookId == target.Id && matched is null && !recorded.SignedWith.Intersect(valid).Any())
        {
            return new(
                CheckNames.WebhookSecret,
                CheckResult.Failed,
                $"The attempt was signed with {string.Join(" and ", recorded.SignedWith)}, which “{target.Name}” no longer has: it has since been rotated or revoked, so this cannot be checked any more. The webhook signs with {signs} now. Replay the delivery to check the new one."
            );
        }

        // The attempt was recorded when it was signed, so what fails lies elsewhere.
        if (matched is null && recorded is not null && recorded.WebhookId == target.Id && recorded.SignedWith.Any(valid.Contains))
        {
            return new(
                CheckNames.WebhookSecret,
                CheckResult.Passed,
                $"The attempt was signed with {string.Join(" and ", recorded.SignedWith)} of “{target.Name}”, so the secret is not the problem."
            );
        }

        return matched is null
            ? new(CheckNames.WebhookSecret, CheckResult.Skipped, $"“{target.Name}” signs with {signs}, which did not make this signature.")
            : new(
                CheckNames.WebhookSecret,
                CheckResult.Passed,
                matched == valid[0]
                    ? $"{matched} is the current secret of “{target.Name}”."
                    : $"{matched} is an old but still valid secret of “{target.Name}”; the current one is {valid[0]}."
            );
    }

    /// <summary>Compares what arrived with what was recorded when it was sent.</summary>
    public static VerificationCheck OfContent(RecordedRequest recorded, IReadOnlyList<HeaderField> headers, byte[] body)
    {
        string what = recorded.Attempt is { } attempt ? $"attempt {attempt.Number} of a delivery" : "an event";
        string[] changed = recorded.Attempt is null ? [] : [.. ChangedHeaders(recorded.Attempt, headers)];
        string? difference = BodyVariant.Difference(recorded.Payload, body);
        return (difference, changed.Length) switch
        {
            (null, 0) => new(CheckNames.Recorded, CheckResult.Passed, $"This is {what} ({recorded.EventType}) sent from here, and it is unchanged."),
            (null, _) => new(
                CheckNames.Recorded,
                CheckResult.Failed,
                $"This is {what} ({recorded.EventType}) sent from here, but {string.Join(", ", changed)} had another value when it was sent."
            ),
            _ => new(CheckNames.Recorded, CheckResult.Failed, $"The body is not the one that was sent. {difference}"),
        };
    }

    /// <summary>The age of a recorded request does not matter, only that its timestamp is the time at which it was sent.</summary>
    public static VerificationCheck OfTime(VerificationCheck check, VerificationReport report, RecordedRequest? recorded, IReadOnlyList<HeaderField> headers)
    {
        bool asSent =
            check is { Name: CheckNames.Timestamp, Result: CheckResult.Failed }
            && report.Format is { } format
            && recorded?.Attempt is { } attempt
            && SignatureFormats.For(format).TryReadTimestamp(ValueOf(headers, SignatureFormats.For(format).TimestampHeader) ?? "", out DateTimeOffset time)
            && (time - attempt.StartedAt).Duration() <= SignatureVerifier.Tolerance;
        return asSent
            ? new(
                CheckNames.Timestamp,
                CheckResult.Passed,
                "The timestamp is the time at which it was sent. A receiver that got the same request now would refuse it as too old."
            )
            : check;
    }

    /// <summary>The receiver's clock, judged by the date of its answer; null when it gave none.</summary>
    public static VerificationCheck? OfClock(DeliveryAttempt attempt)
    {
        if (DateOf(attempt.ResponseHeaders) is not { } date)
        {
            return null;
        }

        // The answer was written between the beginning and the end of the attempt, and its date has whole seconds.
        DateTimeOffset end = attempt.StartedAt.AddMilliseconds(attempt.DurationMs);
        TimeSpan off =
            date > end ? date - end
            : date < attempt.StartedAt.AddSeconds(-1) ? date - attempt.StartedAt
            : TimeSpan.Zero;
        string size = $"{(long)off.Duration().TotalSeconds} s {(off > TimeSpan.Zero ? "ahead of" : "behind")}";
        return off.Duration() switch
        {
            { TotalSeconds: < 2 } => new(
                CheckNames.Clock,
                CheckResult.Passed,
                "The receiver's clock, judged by the date of its answer, agrees with the one here."
            ),
            var d when d <= SignatureVerifier.Tolerance => new(
                CheckNames.Clock,
                CheckResult.Passed,
                $"The receiver's clock, judged by the date of its answer, is {size} the one here; receivers accept at most 5 minutes."
            ),
            _ => new(
                CheckNames.Clock,
                CheckResult.Failed,
                $"The receiver's clock, judged by the date of its answer, is {size} the one here, so it refuses every timestamp. Set the receiver's clock (NTP)."
            ),
        };
    }

    private static IEnumerable<string> ChangedHeaders(DeliveryAttempt attempt, IReadOnlyList<HeaderField> headers)
    {
        foreach (string name in SignatureFormats.All.SelectMany(f => f.HeaderNames(null)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string? sent = attempt
                .RequestHeaders.Split('\n')
                .Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                .Select(l => l[(name.Length + 1)..].Trim())
                .FirstOrDefault();
            if (sent is not null && ValueOf(headers, name) is { } here && !string.Equals(sent, here, StringComparison.Ordinal))
            {
                yield return name;
            }
        }
    }

    private static Guid? Id(IReadOnlyList<HeaderField> headers, string name) => Guid.TryParse(ValueOf(headers, name), out Guid id) ? id : null;

    private static string? ValueOf(IReadOnlyList<HeaderField> headers, string name) =>
        headers.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))?.Value.Trim();

    private static DateTimeOffset? DateOf(byte[]? responseHeaders)
    {
        string? line = responseHeaders is null
            ? null
            : Encoding.Latin1.GetString(responseHeaders).Split('\n').FirstOrDefault(l => l.StartsWith("Date:", StringComparison.OrdinalIgnoreCase));
        return
            line is not null && DateTimeOffset.TryParseExact(line[5..].Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset date)
            ? date
            : null;
    }
}
