using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Tokens;

/// <summary>The input of the dialog.</summary>
public sealed class TokenForm
{
    /// <summary>Days that are offered; 0 is never.</summary>
    public static IReadOnlyList<int> Lifetimes { get; } = [0, 30, 90, 365];

    public string Name { get; set; } = "";

    /// <summary>Posting events is what most tokens are for.</summary>
    public TokenScopes Scopes { get; set; } = TokenScopes.EventsWrite;

    public int LifetimeDays { get; set; }

    public DateTimeOffset? ExpiryOf(DateTimeOffset now) => LifetimeDays == 0 ? null : now.AddDays(LifetimeDays);
}
