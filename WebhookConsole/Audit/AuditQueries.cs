using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Audit;

/// <summary>The audit log for those who may read it.</summary>
public sealed class AuditQueries(AuditLog audit)
{
    /// <summary>Entries of a project, newest first.</summary>
    /// <exception cref="RuleException">Forbidden, or NotFound for strangers to the project.</exception>
    [Requires(Permission.ViewAudit)]
    public Task<IReadOnlyList<AuditEntry>> ReadAsync(Actor actor, Guid projectId, AuditQuery query, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewAudit, projectId);
        return audit.ReadAsync(query with { ProjectId = projectId }, cancellationToken);
    }

    /// <summary>Entries of the installation (people, sign-ins), newest first.</summary>
    /// <exception cref="RuleException">The actor is not an owner.</exception>
    [Requires(Permission.ManageInstallation)]
    public Task<IReadOnlyList<AuditEntry>> ReadInstallationAsync(Actor actor, AuditQuery query, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        return audit.ReadAsync(query with { ProjectId = null }, cancellationToken);
    }

    /// <summary>Reads a whole chain and says whether an entry was changed or removed.</summary>
    [Requires(Permission.ViewAudit)]
    public Task<AuditCheck> CheckAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewAudit, projectId);
        return audit.CheckAsync(projectId, cancellationToken);
    }

    /// <summary>Does the same as <see cref="CheckAsync"/> for the entries of the installation.</summary>
    [Requires(Permission.ManageInstallation)]
    public Task<AuditCheck> CheckInstallationAsync(Actor actor, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ManageInstallation);
        return audit.CheckAsync(null, cancellationToken);
    }
}
