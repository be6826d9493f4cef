using WebhookConsole.Audit;
using WebhookConsole.Domain;

namespace WebhookConsole.Access;

/// <summary>The audit log for those who may read it.</summary>
public sealed class AuditReader(AuditLog audit)
{
    /// <summary>Entries of a project, newest first.</summary>
    /// <exception cref="RuleException">Forbidden, or NotFound for strangers to the project.</exception>
    public Task<IReadOnlyList<AuditEntry>> ReadAsync(Actor actor, Guid projectId, AuditQuery query, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewAudit, projectId);
        return audit.ReadAsync(query with { ProjectId = projectId }, cancellationToken);
    }

    /// <summary>Entries of the installation (people, sign-ins), newest first.</summary>
    /// <exception cref="RuleException">Forbidden for all but owners.</exception>
    public Task<IReadOnlyList<AuditEntry>> ReadInstallationAsync(Actor actor, AuditQuery query, CancellationToken cancellationToken) =>
        actor.Role == Role.Owner
            ? audit.ReadAsync(query with { ProjectId = null }, cancellationToken)
            : throw new RuleException(RefusalKind.Forbidden, "forbidden", "Only an owner may see what concerns the whole installation.");
}
