using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>
/// Verifies a received request as a receiver should, and says step by step what it saw (specification §9). Pure: used by the inbox and by the
/// Verifier page. Any headers and any bytes give a report, never an exception.
/// </summary>
public static class SignatureVerifier
{
    /// <summary>How far the timestamp may be from now, either way (Standard Webhooks, Novee).</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // Ten years: seconds read as milliseconds give a time in 1970, milliseconds read as seconds one after the year 9999.
    private static readonly TimeSpan s_plausible = TimeSpan.FromDays(3650);

    /// <param name="format">The format to expect; null detects it from the headers.</param>
    /// <param name="headers">The request's headers; names in any case.</param>
    /// <param name="body">The bytes of the body as received or pasted.</param>
    /// <param name="secrets">The secrets that may have signed.</param>
    /// <param name="now">The receiver's time.</param>
    /// <param name="own">The webhook's custom signature header (<c>body-hex</c>), or null.</param>
    /// <param name="computed">The signature that the receiver's code computed for this request, to find out what it does wrong; or null.</param>
    public static VerificationReport Verify(
        SignatureFormat? format,
        IReadOnlyList<HeaderField> headers,
        ReadOnlySpan<byte> body,
        IReadOnlyList<SigningSecret> secrets,
        DateTimeOffset now,
        string? own = null,
        string? computed = null
    )
    {
        own = string.IsNullOrWhiteSpace(own) ? null : own.Trim();
        ISignatureFormat? chosen = format is { } given ? SignatureFormats.For(given) : SignatureDetector.Detect(headers, ref own);
        var checks = new List<VerificationCheck>();
        string? fingerprint = null;
        string? prefix = null;
        if (chosen is null)
        {
            Add(checks, CheckNames.Headers, CheckResult.Failed, "No signature header was found. Paste all headers of the request, or choose the format.");
        }
        else
        {
            CheckHeaders(chosen, headers, own, checks);
            CheckTimestamp(chosen, headers, now, checks);
            prefix = CheckSignature(chosen, headers, own, body, secrets, checks, out fingerprint);
        }

        foreach (string name in CheckNames.All.Where(n => !checks.Exists(c => c.Name == n)))
        {
            Add(checks, name, CheckResult.Skipped, "Not checked: see above.");
        }

        if (chosen is not null && !string.IsNullOrWhiteSpace(computed))
        {
            checks.Add(new SignatureDiagnosis(chosen, headers, own, body.ToArray(), secrets).ExplainComputed(computed));
        }

        VerificationCheck? failed = VerificationReport.CauseOf([.. checks.Where(c => c.Name != CheckNames.Computed)]);
        bool valid = failed is null && fingerprint is not null;
        string summary = valid ? $"Valid: signed in the format '{chosen!.Name}' with the secret {fingerprint}." : "Not valid: " + failed?.Sentence;
        return new VerificationReport(valid, checks, summary, chosen?.Format, fingerprint) { SignedPrefix = prefix };
    }

    private static void Add(List<VerificationCheck> checks, string name, CheckResult result, string sentence) =>
        checks.Add(new VerificationCheck(name, result, sentence));

    private static void CheckHeaders(ISignatureFormat format, IReadOnlyList<HeaderField> headers, string? own, List<VerificationCheck> checks)
    {
        string[] missing = [.. format.SignedHeaders.Append(format.SignatureHeader(own)).Where(n => SignatureDetector.Find(headers, n) is null)];
        if (missing.Length == 0)
        {
            Add(checks, CheckNames.Headers, CheckResult.Passed, $"The headers of the format '{format.Name}' are present.");
        }
        else
        {
            Add(
                checks,
                CheckNames.Headers,
                CheckResult.Failed,
                $"The format '{format.Name}' needs {string.Join(", ", missing)}, which the request does not have. Was another format meant, or did a proxy drop a header?"
            );
        }
    }

    private static void CheckTimestamp(ISignatureFormat format, IReadOnlyList<HeaderField> headers, DateTimeOffset now, List<VerificationCheck> checks)
    {
        string? text = SignatureDetector.Find(headers, format.TimestampHeader);
        if (text is null)
        {
            Add(checks, CheckNames.Timestamp, CheckResult.Skipped, $"There is no {format.TimestampHeader}.");
            return;
        }

        if (OtherForm(format, text, now) is { } other)
        {
            Add(
                checks,
                CheckNames.Timestamp,
                CheckResult.Failed,
                $"{format.TimestampHeader} is in {other}: this format writes it as {format.TimestampForm}. Is it a request in another format?"
            );
            return;
        }

        if (!format.TryReadTimestamp(text, out DateTimeOffset timestamp))
        {
            Add(checks, CheckNames.Timestamp, CheckResult.Failed, $"{format.TimestampHeader} cannot be read: this format writes it as {format.TimestampForm}.");
            return;
        }

        TimeSpan age = now - timestamp;
        string distance = $"{Describe(age.Duration())} {(age < TimeSpan.Zero ? "in the future" : "ago")}";
        if (age.Duration() <= Tolerance)
        {
            Add(checks, CheckNames.Timestamp, CheckResult.Passed, $"The timestamp is {distance}, within 5 minutes.");
        }
        else
        {
            Add(
                checks,
                CheckNames.Timestamp,
                CheckResult.Failed,
                age < TimeSpan.Zero
                    ? $"The timestamp is {distance}; receivers accept at most 5 minutes. The sender's clock is ahead, or this one is behind."
                    : $"The timestamp is {distance}; receivers accept at most 5 minutes. An old request was sent again, or a clock is wrong."
            );
        }
    }

    // A timestamp that makes sense only in the form of another format.
    private static string? OtherForm(ISignatureFormat format, string text, DateTimeOffset now)
    {
        if (IsNear(format))
        {
            return null;
        }

        return SignatureFormats.All.FirstOrDefault(f => f.TimestampForm != format.TimestampForm && IsNear(f))?.TimestampForm;

        bool IsNear(ISignatureFormat f) => f.TryReadTimestamp(text, out DateTimeOffset time) && (now - time).Duration() < s_plausible;
    }

    /// <returns>What is signed before the body; null when a header for it is missing.</returns>
    private static string? CheckSignature(
        ISignatureFormat format,
        IReadOnlyList<HeaderField> headers,
        string? own,
        ReadOnlySpan<byte> body,
        IReadOnlyList<SigningSecret> secrets,
        List<VerificationCheck> checks,
        out string? fingerprint
    )
    {
        fingerprint = null;
        string? signature = SignatureDetector.Find(headers, format.SignatureHeader(own));
        string?[] signedValues = [.. format.SignedHeaders.Select(n => SignatureDetector.Find(headers, n))];
        if (signature is null || signedValues.Contains(null))
        {
            return null;
        }

        string prefix = string.Concat(signedValues.Select(v => v + "."));
        string what = string.Concat(format.SignedHeaders.Select(n => n + " + '.' + ")) + "body";
        Add(
            checks,
            CheckNames.SignedBytes,
            CheckResult.Passed,
            $"The signature covers {what}: {Encoding.UTF8.GetByteCount(prefix) + body.Length} bytes, of which {body.Length} are the body."
        );

        var match = new SignatureMatch(format, prefix, signature);
        SigningSecret[] usable = [.. secrets.Where(s => s.Supports(format.Format))];
        SigningSecret? matching = match.Find(usable, body);
        if (matching is not null)
        {
            fingerprint = matching.Fingerprint;
            Add(checks, CheckNames.Signature, CheckResult.Passed, $"The secret {matching.Fingerprint} made this signature.");
            Add(checks, CheckNames.Body, CheckResult.Passed, "The body is byte for byte the one that was signed.");
            Add(
                checks,
                CheckNames.Key,
                CheckResult.Passed,
                format.UsesDecodedKey ? "The key is the decoded base64 after 'whsec_'." : "The key is the whole text of the secret."
            );
            return prefix;
        }

        Add(
            checks,
            CheckNames.Signature,
            CheckResult.Failed,
            (secrets.Count, usable.Length, match.IsWellFormed) switch
            {
                (0, _, _) => "There is no secret to check with.",
                (_, 0, _) => $"None of the secrets can be used in the format '{format.Name}', whose key is base64 after 'whsec_'.",
                (_, _, false) => $"{format.SignatureHeader(own)} does not have the form of this format: {format.SignatureForm}.",
                _ => "No secret matches: the signer used another secret, or what was signed differs from what arrived.",
            }
        );
        new SignatureDiagnosis(format, headers, own, body.ToArray(), secrets).Explain(checks);
        return prefix;
    }

    private static string Describe(TimeSpan span) =>
        span switch
        {
            { TotalMinutes: < 2 } => $"{(long)span.TotalSeconds} s",
            { TotalHours: < 2 } => $"{(long)span.TotalMinutes} min",
            { TotalDays: < 2 } => $"{(long)span.TotalHours} h",
            _ => $"{(long)span.TotalDays} days",
        };
}
