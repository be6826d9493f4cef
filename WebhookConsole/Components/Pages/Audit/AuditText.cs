using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Audit;

/// <summary>Codes of the audit log in words.</summary>
internal static class AuditText
{
    // Codes stay as they are; people read the words that the rest of the console has.
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        [AuditActions.WebhookEnabled] = "Webhook turned on",
        [AuditActions.WebhookAutoDisabled] = "Webhook disabled after failures",
    };

    /// <summary><c>webhook.secret_rotated</c> is "Webhook secret rotated".</summary>
    public static string Of(string code)
    {
        if (s_words.TryGetValue(code, out string? words))
        {
            return words;
        }

        string text = code.Replace('.', ' ').Replace('_', ' ');
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary><c>rateLimitPerSecond</c> is "Rate limit per second".</summary>
    public static string OfField(string name)
    {
        if (name == "previousExpiresAt")
        {
            return "Old secret signs until";
        }

        string text = string.Concat(name.Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
        return name == "url" ? "URL" : Of(text.Trim());
    }

    /// <summary><c>user</c> is "Person", as everywhere in the console.</summary>
    public static string OfTarget(string kind) => kind == "user" ? "Person" : Of(kind);

    /// <summary>What an actor is, when the name alone does not say so.</summary>
    public static string? OfActor(AuditEntry entry) => entry.ActorKind == "token" ? "API token" : null;
}
