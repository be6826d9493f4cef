using WebhookConsole.Domain;

namespace WebhookConsole.Signing;

/// <summary>All signature formats, by value and by name (specification §5).</summary>
public static class SignatureFormats
{
    private static readonly ISignatureFormat[] s_all =
    [
        new StandardFormat(SignatureFormat.Standard, "standard", "Standard Webhooks", "webhook"),
        new StandardFormat(SignatureFormat.Svix, "svix", "Svix", "svix"),
        new BodyHexFormat(),
        new TimestampedHexFormat(),
    ];

    /// <summary>All formats, in the order in which to offer them; the first is the default.</summary>
    public static IReadOnlyList<ISignatureFormat> All => s_all;

    /// <exception cref="ArgumentOutOfRangeException">Not a signature format.</exception>
    public static ISignatureFormat For(SignatureFormat format) =>
        Array.Find(s_all, f => f.Format == format) ?? throw new ArgumentOutOfRangeException(nameof(format), format, "Not a signature format.");

    /// <exception cref="ArgumentOutOfRangeException">Not a signature format.</exception>
    public static string NameOf(SignatureFormat format) => For(format).Name;

    /// <summary>Reads a name as the API writes it (<c>standard</c>, <c>svix</c>, <c>body-hex</c>, <c>timestamped-hex</c>); case matters.</summary>
    public static bool TryParse(string? name, out SignatureFormat format)
    {
        ISignatureFormat? found = Array.Find(s_all, f => string.Equals(f.Name, name, StringComparison.Ordinal));
        format = found?.Format ?? default;
        return found is not null;
    }
}
