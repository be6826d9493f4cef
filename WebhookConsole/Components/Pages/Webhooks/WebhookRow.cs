using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>A webhook with what its row and page show of its work.</summary>
/// <param name="Activity">Null for a webhook that was made between two reads.</param>
/// <param name="Claimable">Nobody has seen its secret yet.</param>
public sealed record WebhookRow(Webhook Webhook, WebhookActivity? Activity, bool Claimable);
