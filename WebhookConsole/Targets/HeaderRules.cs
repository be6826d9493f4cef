using System.Buffers;
using System.Collections.Frozen;
using WebhookConsole.Domain;

namespace WebhookConsole.Targets;

/// <summary>Which header names a webhook may choose (specification §3, RFC 9110 §5.6.2 and §7.6.1).</summary>
public static class HeaderRules
{
    public const int MaxHeaders = 20;
    public const int MaxNameLength = 64;
    public const int MaxValueLength = 1024;

    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // These belong to one connection or to the framing of the message (RFC 9110 §7.6.1, RFC 9113 §8.2.2); so do the Proxy- names.
    private static readonly FrozenSet<string> s_connection = new[]
    {
        "Connection",
        "Content-Length",
        "Expect",
        "Host",
        "HTTP2-Settings",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The sender sets these itself, or they would change the meaning of the message.
    private static readonly FrozenSet<string> s_reserved = new[]
    {
        "Accept-Encoding",
        "Content-Encoding",
        "Content-Range",
        "Content-Type",
        "Cookie",
        "Date",
        "Forwarded",
        "User-Agent",
        "Via",
        "X-Request-Id",
        "X-Webhook-Event",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "svix-id",
        "svix-timestamp",
        "svix-signature",
        "X-Webhook-ID",
        "X-Webhook-Timestamp",
        "X-Webhook-Signature",
        "X-Timestamp",
        "X-Signature",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A sentence on what is wrong with the extra headers, or null.</summary>
    public static string? ProblemOf(IReadOnlyList<HeaderField> headers, IReadOnlyList<string> signatureHeaders)
    {
        if (headers.Count > MaxHeaders)
        {
            return $"A webhook has at most {MaxHeaders} extra headers.";
        }

        HashSet<string> seen = new(signatureHeaders, StringComparer.OrdinalIgnoreCase);
        foreach (HeaderField header in headers)
        {
            if (ProblemOfName(header.Name) is { } problem)
            {
                return problem;
            }

            if (!seen.Add(header.Name))
            {
                return $"The header '{OutsideText.Excerpt(header.Name)}' appears twice, or is the signature header.";
            }

            if (header.Value is null || header.Value.Length > MaxValueLength || !IsPrintable(header.Value))
            {
                return $"The value of '{OutsideText.Excerpt(header.Name)}' must be at most {MaxValueLength} printable ASCII characters.";
            }
        }

        return null;
    }

    /// <summary>A sentence on what is wrong with the name of the signature header, or null.</summary>
    public static string? ProblemOfSignatureHeader(string name) =>
        string.Equals(name, "X-Webhook-Signature", StringComparison.OrdinalIgnoreCase) ? null : ProblemOfName(name);

    /// <summary>False when HTTP cannot send it, as in rows that were changed by hand.</summary>
    public static bool CanBeSent(HeaderField header) =>
        header is { Name.Length: > 0, Value: not null } && !header.Name.AsSpan().ContainsAnyExcept(s_token) && IsPrintable(header.Value);

    private static bool IsPrintable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string? ProblemOfName(string? name) =>
        name is null or { Length: 0 or > MaxNameLength } || name.AsSpan().ContainsAnyExcept(s_token)
            ? $"'{OutsideText.Excerpt(name)}' is not a header name: use letters, digits and '-', at most {MaxNameLength}."
        : s_connection.Contains(name) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)
            ? $"The header '{OutsideText.Excerpt(name)}' belongs to the connection, not to the webhook; choose another."
        : s_reserved.Contains(name) ? $"The header '{OutsideText.Excerpt(name)}' is set by WebhookConsole; choose another."
        : null;
}
