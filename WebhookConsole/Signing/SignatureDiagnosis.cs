using WebhookConsole.Domain;
using WebhookConsole.Signing.Diagnosis;

namespace WebhookConsole.Signing;

/// <summary>Says why a signature does not match: tries the mistakes that people make (specification §9) and names those that explain it.</summary>
internal sealed class SignatureDiagnosis(
    ISignatureFormat format,
    IReadOnlyList<HeaderField> headers,
    string? own,
    byte[] body,
    IReadOnlyList<SigningSecret> secrets
)
{
    private readonly SignatureSearch _search = new(SignedPrefix.Of(format, headers), body, KeyVariant.Of(secrets, format));

    /// <summary>Says more about the signed bytes and the signature where more is known, and adds the checks of body and key.</summary>
    public void Explain(List<VerificationCheck> checks)
    {
        string header = format.SignatureHeader(own);
        if (_search.Find(SignatureToken.Of(headers, header)) is not { } found)
        {
            checks.Add(new(CheckNames.Body, CheckResult.Skipped, "Cannot be determined, because no secret matches."));
            checks.Add(new(CheckNames.Key, CheckResult.Skipped, "Cannot be determined, because no secret matches."));
            return;
        }

        if (found.Prefix.Mistake is { } mistake)
        {
            Replace(checks, CheckNames.SignedBytes, mistake);
        }

        Replace(
            checks,
            CheckNames.Signature,
            ProblemOfForm(found.Token, header) ?? "It does not match the request as it arrived. The other failed checks say what would make it match."
        );

        checks.Add(
            found.Body is { } changed
                ? new(CheckNames.Body, CheckResult.Failed, changed.Was)
                : new(CheckNames.Body, CheckResult.Passed, "The body is byte for byte the one that was signed.")
        );
        checks.Add(
            found.Key.Mistake is null
                ? new(CheckNames.Key, CheckResult.Passed, $"With that{(found.Body is null ? "" : " body")}, the secret {found.Key.Secret.Fingerprint} matches.")
                : new(CheckNames.Key, CheckResult.Failed, $"The secret {found.Key.Secret.Fingerprint} would match, but {found.Key.Mistake}.")
        );
    }

    /// <summary>What the receiver's code did to compute this signature for the request.</summary>
    /// <param name="computed">As its code wrote it.</param>
    public VerificationCheck ExplainComputed(string computed)
    {
        SignatureToken[] tokens = [.. SignatureToken.Read(computed, null)];
        if (tokens.Length == 0)
        {
            return new(
                CheckNames.Computed,
                CheckResult.Failed,
                "This is not an HMAC-SHA256, which has 32 bytes: 64 hex digits or 44 characters of base64. Was it cut off, or made with another algorithm?"
            );
        }

        if (_search.Find(tokens) is not { } found)
        {
            return new(CheckNames.Computed, CheckResult.Failed, "Your code used another secret or another body: no usual mistake produces this value.");
        }

        string?[] mistakes =
        [
            found.Prefix.Mistake is null ? null : "Your code signs the wrong text. " + found.Prefix.Mistake,
            found.Body is null ? null : "Your code signs another body. " + found.Body.Was,
            found.Key.Mistake is null ? null : $"Your code makes the wrong key from secret {found.Key.Secret.Fingerprint}: {ForReceiver(found.Key.Mistake)}.",
            format.Encode(found.Token.Hash).EndsWith(found.Token.Text, StringComparison.Ordinal)
                ? null
                : $"It is written in {found.Token.Form}; the header has {format.SignatureForm}, so compare it in the same form.",
        ];
        string sentence = string.Join(' ', mistakes.OfType<string>());
        return sentence.Length == 0
            ? new(CheckNames.Computed, CheckResult.Passed, "Your code computes the right signature. Look at how it is compared with the header.")
            : new(CheckNames.Computed, CheckResult.Failed, sentence);
    }

    private static string ForReceiver(string mistake) => mistake.Replace("the signer", "it", StringComparison.Ordinal);

    private string? ProblemOfForm(SignatureToken token, string header) =>
        !string.Equals(token.Header, header, StringComparison.OrdinalIgnoreCase)
            ? $"The header {token.Header} holds a signature that matches; this format reads {header}."
        : Written(header).Contains(format.Encode(token.Hash)) ? null
        : token.Text == format.Encode(token.Hash) && !token.Form.Contains('\'', StringComparison.Ordinal)
            ? $"{header} holds the right signature, but with other text beside it; this format writes {format.SignatureForm} and nothing else."
        : $"{header} holds the right hash, but in {token.Form}; this format writes {format.SignatureForm}.";

    private string[] Written(string header) =>
        SignatureDetector.Find(headers, header) is not { } value ? []
        : format.SupportsOverlap ? value.Split(' ')
        : [value];

    private static void Replace(List<VerificationCheck> checks, string name, string sentence) =>
        checks[checks.FindIndex(c => c.Name == name)] = new VerificationCheck(name, CheckResult.Failed, sentence);
}
