using WebhookConsole.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Access;

/// <summary>Reads the audit log for a person who may. The log itself knows no permissions, because everything writes to it.</summary>
public sealed class AuditReader(AuditLog log)
{
    /// <summary>One page, newest first.</summary>
    /// <exception cref="RuleException">Forbidden: entries of a project are for its admins, those of the installation for owners.</exception>
    public Task<IReadOnlyList<AuditEntry>> ReadAsync(Actor actor, AuditQuery query, CancellationToken cancellationToken)
    {
        if (query.ProjectId is { } projectId)
        {
            AccessPolicy.Demand(actor, Permission.ViewAudit, projectId);
        }
        else if (actor.Role != Role.Owner)
        {
            throw new RuleException(RefusalKind.Forbidden, "forbidden", "The log of the installation is for owners.");
        }

        return log.ReadAsync(query, cancellationToken);
    }
}
