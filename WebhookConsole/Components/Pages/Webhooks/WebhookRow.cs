using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>A webhook with the activity that its row and page show.</summary>
/// <param name="Activity">Null for a webhook that was created between two reads.</param>
/// <param name="Claimable">True when nobody has seen its secret yet.</param>
/// <param name="OverlapEnds">When its old secret stops signing; null when it has none.</param>
public sealed record WebhookRow(Webhook Webhook, WebhookActivity? Activity, bool Claimable, DateTimeOffset? OverlapEnds = null);
