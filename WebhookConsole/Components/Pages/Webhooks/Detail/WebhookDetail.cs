using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Detail;

/// <summary>What the page of a webhook shows.</summary>
/// <param name="Secrets">Current first; empty for a deleted webhook, whose secrets are destroyed.</param>
/// <param name="Recent">Its latest deliveries, newest first.</param>
public sealed record WebhookDetail(Webhook Webhook, WebhookActivity Activity, IReadOnlyList<SecretInfo> Secrets, IReadOnlyList<DeliveryRow> Recent)
{
    /// <summary>The attempts that disabled it, newest first; empty unless it was disabled automatically.</summary>
    public IReadOnlyList<DeliveryAttempt> TurnedOffBy { get; init; } = [];

    public bool Deleted => Webhook.State == WebhookState.Deleted;

    public bool Claimable => Secrets.Any(s => s.Claimable);
}
