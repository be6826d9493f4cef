using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.EventTypes;

/// <summary>An event type with what the list and its page show about it.</summary>
/// <param name="LastSeenAt">When its last real event arrived; null for none so far.</param>
/// <param name="Subscribers">Webhooks whose filter matches it, disabled ones too.</param>
public sealed record EventTypeRow(EventType Type, DateTimeOffset? LastSeenAt, IReadOnlyList<Webhook> Subscribers)
{
    public static EventTypeRow Of(EventType type, DateTimeOffset? lastSeenAt, IEnumerable<Webhook> webhooks) =>
        new(type, lastSeenAt, [.. webhooks.Where(w => w.Scope == WebhookScope.Events && w.EventFilter.Matches(type.Name))]);

    /// <summary>True when the name or description contains the text.</summary>
    public bool Contains(string text) =>
        Type.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || Type.Description.Contains(text, StringComparison.OrdinalIgnoreCase);
}
