using System.Text;
using WebhookConsole.Deliveries.Verifying;
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

    /// <summary>What the receiver's code computed; empty for nothing.</summary>
    public string Computed { get; set; } = "";

    /// <summary>Id of the webhook to check against; empty for none.</summary>
    public string Webhook { get; set; } = "";

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
        : null;

    public RequestToVerify ToRequest() =>
        new()
        {
            Headers = InboxHeaders.Read(Headers),
            Body = Encoding.UTF8.GetBytes(Body),
            Format = SignatureFormats.TryParse(Format, out SignatureFormat format) ? format : null,
            OwnHeader = MayHaveOwnHeader ? OwnHeader : null,
            Secret = Secret,
            Computed = Computed,
            WebhookId = Guid.TryParse(Webhook, out Guid id) ? id : null,
        };

    /// <summary>Fills in a request that a webhook with a new secret would send now.</summary>
    public void FillExample(DateTimeOffset now)
    {
        SignatureFormat format = SignatureFormats.TryParse(Format, out SignatureFormat chosen) ? chosen : SignatureFormat.Standard;
        SigningSecret secret = SigningSecret.Generate();
        const string body = """{"type":"invoice.paid","data":{"id":"inv_1042","amount":12900,"currency":"EUR"}}""";
        List<HeaderField> headers = [new("Content-Type", "application/json"), new("X-Webhook-Event", "invoice.paid")];
        SignatureFormats.For(format).Sign(Ids.New(now), now, Encoding.UTF8.GetBytes(body), [secret], OwnHeader.Trim(), headers);
        (Headers, Body, Secret, Webhook, Computed) = (InboxHeaders.Write(headers), body, secret.Text, "", "");
    }

    /// <summary>Fills in what an attempt sent, to check it against the secrets of its webhook.</summary>
    public void Fill(RecordedRequest recorded)
    {
        (Headers, Body) = (recorded.Attempt!.RequestHeaders, Encoding.UTF8.GetString(recorded.Payload));
        (Webhook, Format, OwnHeader, Computed) = (recorded.WebhookId.ToString()!, "", "", "");
    }
}
