using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>Finds headers and detects from them the format that a request was signed in.</summary>
internal static class SignatureDetector
{
    private const string SignatureSuffix = "-Signature";

    /// <summary>The value of the first header of that name, trimmed; null when there is none or it is empty.</summary>
    public static string? Find(IReadOnlyList<HeaderField> headers, string name)
    {
        string? value = headers.FirstOrDefault(h => string.Equals(h.Name?.Trim(), name, StringComparison.OrdinalIgnoreCase))?.Value?.Trim();
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>
    /// The format whose signature header is there. A sender's custom header (<c>X-NovaVMS-Signature</c>) means <c>body-hex</c> and
    /// is returned in <paramref name="own"/>.
    /// </summary>
    public static ISignatureFormat? Detect(IReadOnlyList<HeaderField> headers, ref string? own)
    {
        ISignatureFormat bodyHex = SignatureFormats.For(SignatureFormat.BodyHex);
        if (own is not null && Find(headers, own) is not null)
        {
            return bodyHex;
        }

        foreach (ISignatureFormat format in SignatureFormats.All)
        {
            if (Find(headers, format.SignatureHeader(null)) is not null)
            {
                own = null;
                return format;
            }
        }

        own = headers
            .Select(h => h.Name?.Trim())
            .FirstOrDefault(n => n?.EndsWith(SignatureSuffix, StringComparison.OrdinalIgnoreCase) == true && Find(headers, n) is not null);
        return own is null ? null : bodyHex;
    }
}
