using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using WebhookConsole.Domain;

namespace WebhookConsole.Targets;

/// <summary>
/// The rule for the URL of a webhook (specification §3, §15). It checks what needs no network; <c>TargetGuard</c> resolves and checks names
/// at every connect.
/// </summary>
public static class TargetUrl
{
    private const string Localhost = "localhost";

    private static readonly SearchValues<char> s_authorityEnd = SearchValues.Create("/?#\\");
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Checks a URL as a person or program gave it; white space around it is removed.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="policy">What the installation allows.</param>
    /// <param name="uri">What to connect to, with the host in its canonical form.</param>
    /// <param name="error">A sentence that says why not and what to do.</param>
    public static bool TryCreate(string? text, TargetPolicy policy, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? error)
    {
        uri = null;
        text = (text ?? "").Trim();
        error = TextProblem(text);
        if (error is not null)
        {
            return false;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? parsed) || parsed.Host.Length == 0)
        {
            error = "This is not a complete URL. Write it with https:// and the host, such as https://example.com/webhooks.";
            return false;
        }

        error = SchemeProblem(parsed, policy) ?? AuthorityProblem(parsed, text) ?? HostProblem(parsed, policy);
        if (error is not null)
        {
            return false;
        }

        uri = parsed;
        return true;
    }

    private static string TooLong => $"The URL is longer than {Webhook.MaxUrlLength} characters. Shorten its path or query.";

    private static string? TextProblem(string text)
    {
        if (text.Length == 0)
        {
            return "Enter the URL that receives the events, such as https://example.com/webhooks.";
        }

        if (text.Length > Webhook.MaxUrlLength)
        {
            return TooLong;
        }

        return text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\')
            ? "The URL has a space, a backslash or a control character. Write a space as %20."
            : null;
    }

    private static string? SchemeProblem(Uri uri, TargetPolicy policy)
    {
        if (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && policy.AllowHttp))
        {
            return null;
        }

        return uri.Scheme == Uri.UriSchemeHttp
            ? "http sends payloads in clear. Use https, or ask the owner to set Delivery:AllowHttp."
            : "The URL must start with https://.";
    }

    private static string? AuthorityProblem(Uri uri, string text)
    {
        // We check what was typed, not what Uri made of it: it turns Unicode digits and percent signs into other hosts.
        string authority = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart('/');
        int end = authority.AsSpan().IndexOfAny(s_authorityEnd);
        authority = end < 0 ? authority : authority[..end];

        if (uri.UserInfo.Length > 0 || authority.Contains('@', StringComparison.Ordinal))
        {
            return "A user name or password in the URL would be shown and stored in clear. Remove it; put a token into an extra header instead.";
        }

        if (authority.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return "The host has letters or digits that are not ASCII. Write an international name in its xn-- form.";
        }

        if (authority.Contains('%', StringComparison.Ordinal))
        {
            return "The host has a '%': zone identifiers and encoded characters are not accepted. Write the plain name or address.";
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "The part from '#' on is never sent to a server. Remove it.";
        }

        if (uri.Port <= 0)
        {
            return "Port 0 cannot be connected to. Write the port that the receiver listens on, or none for 443.";
        }

        return uri.AbsoluteUri.Length > Webhook.MaxUrlLength ? TooLong : null;
    }

    private static string? HostProblem(Uri uri, TargetPolicy policy)
    {
        string host = uri.IdnHost.TrimEnd('.');
        if (host.Equals(Localhost, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase))
        {
            return AddressRules.IsForbidden(IPAddress.Loopback, policy.AllowedNetworks, out _)
                ? "localhost is this machine itself (loopback); webhooks go to public addresses only. Use the public name of the receiver."
                : null;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return AddressRules.IsForbidden(address, policy.AllowedNetworks, out AddressRefusal? refusal) ? refusal.Sentence : null;
        }

        // A name cannot end in a number (WHATWG URL, "ends in a number"): it is a mistyped address, and resolvers differ on what it means.
        string last = host[(host.LastIndexOf('.') + 1)..];
        return last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last.AsSpan(2).IndexOfAnyExcept(s_hexDigits) < 0)
            ? "The host looks like an IP address but is not one. Write four numbers of 0–255, or a name."
            : null;
    }
}
