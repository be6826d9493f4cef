using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Webhooks;

/// <summary>A webhook with what its row and page show of its work.</summary>
/// <param name="Activity">Null for a webhook that was made between two reads.</param>
/// <param name="Claimable">Nobody has seen its secret yet.</param>
public sealed record WebhookRow(Webhook Webhook, WebhookActivity? Activity, bool Claimable);

/// <summary>What is under way for a webhook on this screen.</summary>
/// <param name="Switching">The toggle was clicked and the answer is on its way.</param>
/// <param name="Checking">The endpoint is being checked.</param>
public sealed record WebhookProgress(bool Testing = false, bool Switching = false, bool Checking = false, TestOutcome? Test = null);
