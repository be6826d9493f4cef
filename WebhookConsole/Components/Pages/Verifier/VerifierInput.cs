using System.Text;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Signing;

namespace WebhookConsole.Components.Pages.Verifier;

/// <summary>What is pasted into the verifier. It exists as long as the page and is neither stored nor logged.</summary>
internal sealed class VerifierInput
{
    public string Headers { get; set; } = "";

    public string Body { get; set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>Name of a format; empty to detect it from the headers.</summary>
    public string Format { get; set; } = "";

    public string OwnHeader { get; set; } = "";

    public bool IgnoreAge { get; set; }

    /// <summary>True when the signature header can have a custom name.</summary>
    public bool MayHaveOwnHeader => SignatureFormats.TryParse(Format, out SignatureFormat format) ? format == SignatureFormat.BodyHex : Format.Length == 0;

    /// <summary>What is missing before anything can be checked, as a sentence; null when nothing is.</summary>
    public string? Missing =>
        Headers.Trim().Length == 0 ? "Paste the headers of the request, one per line."
        : InboxHeaders.Read(Headers).Count == 0 ? "No line of the headers has the form “Name: value”."
        : Secret.Length == 0 ? "Paste the secret of the webhook."
        : null;

    /// <summary>Verifies what was pasted; call it when nothing is <see cref="Missing"/>.</summary>
    public VerifierResult Verify(DateTimeOffset now)
    {
        VerificationReport report = Run(Body, Secret, now);
        return VerifierResult.Of(report, IgnoreAge, report.MatchedFingerprint is null ? FindPasteMistake(now) : null);
    }

    /// <summary>Fills in a request that a webhook with a new secret would send now.</summary>
    public void FillExample(DateTimeOffset now)
    {
        SignatureFormat format = SignatureFormats.TryParse(Format, out SignatureFormat chosen) ? chosen : SignatureFormat.Standard;
        SigningSecret secret = SigningSecret.Generate();
        const string body = """{"type":"invoice.paid","data":{"id":"inv_1042","amount":12900,"currency":"EUR"}}""";
        List<HeaderField> headers = [new("Content-Type", "application/json"), new("X-Webhook-Event", "invoice.paid")];
        SignatureFormats.For(format).Sign(Ids.New(now), now, Encoding.UTF8.GetBytes(body), [secret], OwnHeader.Trim(), headers);
        (Headers, Body, Secret) = (InboxHeaders.Write(headers), body, secret.Text);
    }

    // These are mistakes of copying, which the verifier does not know about.
    private string? FindPasteMistake(DateTimeOffset now)
    {
        (string Body, string Secret, string Sentence)[] variants =
        [
            (Body, Secret.Trim(), "The secret was pasted with a space before or after it. Without it, the signature matches."),
            (Body.TrimEnd('\n', '\r'), Secret, "The body was pasted with a line break at the end. Without it, the signature matches."),
            (Body + "\n", Secret, "The line break at the end of the body is missing. With it, the signature matches."),
            (
                Body.ReplaceLineEndings("\r\n"),
                Secret,
                "The body was sent with Windows line breaks (CR LF), which pasting changed. With them, the signature matches."
            ),
        ];
        return variants
            .Where(v => v.Secret.Length > 0 && (v.Body != Body || v.Secret != Secret))
            .FirstOrDefault(v => Run(v.Body, v.Secret, now).MatchedFingerprint is not null)
            .Sentence;
    }

    private VerificationReport Run(string body, string secret, DateTimeOffset now) =>
        SignatureVerifier.Verify(
            SignatureFormats.TryParse(Format, out SignatureFormat format) ? format : null,
            InboxHeaders.Read(Headers),
            Encoding.UTF8.GetBytes(body),
            [SigningSecret.FromText(secret)],
            now,
            MayHaveOwnHeader ? OwnHeader : null
        );
}
