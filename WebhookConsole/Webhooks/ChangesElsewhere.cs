using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Webhooks;

/// <summary>
/// Notices webhooks and event types that another process has changed: the command line works beside the server and cannot reach its memory.
/// Every change has an audit entry, so the ends of the audit chains, one row for each project, tell whether anything happened.
/// </summary>
public sealed class ChangesElsewhere(IDbContextFactory<ConsoleDbContext> contexts, WebhookDirectory directory)
{
    private Dictionary<string, long>? _seen;

    /// <summary>Looks once. Its own process's changes are seen as well, which costs one more read of the webhooks. One caller at a time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<string, long> heads = await db.AuditHeads.AsNoTracking().ToDictionaryAsync(h => h.Chain, h => h.Sequence, cancellationToken);
        foreach ((string chain, long sequence) in heads)
        {
            if (!Guid.TryParse(chain, out Guid projectId))
            {
                // The chain of the installation has no webhooks.
                continue;
            }

            if (_seen is null)
            {
                // Something may have been read before this first look and changed since.
                directory.Invalidate(projectId, Guid.Empty);
            }
            else if (_seen.GetValueOrDefault(chain) is var seen && seen < sequence)
            {
                await ReadAsync(db, projectId, seen, cancellationToken);
            }
        }

        _seen = heads;
    }

    private async Task ReadAsync(ConsoleDbContext db, Guid projectId, long seen, CancellationToken cancellationToken)
    {
        List<Guid?> webhooks = await db
            .AuditEntries.Where(e => e.ProjectId == projectId && e.Sequence > seen && e.TargetKind == "webhook")
            .Select(e => e.TargetId)
            .Distinct()
            .ToListAsync(cancellationToken);
        directory.Invalidate(projectId, Guid.Empty);
        foreach (Guid webhookId in webhooks.OfType<Guid>())
        {
            directory.Invalidate(projectId, webhookId);
        }
    }
}
