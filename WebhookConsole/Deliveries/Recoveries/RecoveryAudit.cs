using System.Globalization;
using WebhookConsole.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries.Recoveries;

/// <summary>What the audit log calls a recovery.</summary>
internal static class RecoveryAudit
{
    public static AuditTarget AuditTarget(this Recovery recovery) =>
        new("recovery", recovery.Id, $"Recovery of {recovery.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
}
