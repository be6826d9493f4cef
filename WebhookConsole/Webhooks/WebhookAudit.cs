using WebhookConsole.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>What the audit log calls a webhook.</summary>
internal static class WebhookAudit
{
    public static AuditTarget AuditTarget(this Webhook webhook) => new("webhook", webhook.Id, webhook.Name);
}
