using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;

namespace WebhookConsole.Data;

/// <summary>Appends entries to their chains, inside the transaction that saves them.</summary>
internal static class AuditLinks
{
    public static async Task AppendAsync(ConsoleDbContext db, IEnumerable<AuditEntry> added, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, AuditEntry> chain in added.GroupBy(e => AuditChain.NameOf(e.ProjectId)).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            // The first statement locks the row for this transaction, so that two writers cannot continue from the same end.
            byte[] none = [];
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO audit_heads (chain, sequence, hash) VALUES ({chain.Key}, 0, {none}) ON CONFLICT (chain) DO UPDATE SET sequence = audit_heads.sequence",
                cancellationToken
            );
            AuditHead head = await db.AuditHeads.AsNoTracking().SingleAsync(h => h.Chain == chain.Key, cancellationToken);
            (long sequence, byte[] hash) = (head.Sequence, head.Hash);
            foreach (AuditEntry entry in chain)
            {
                AuditChain.Append(entry, sequence, hash);
                (sequence, hash) = (entry.Sequence, entry.Hash);
            }

            await db
                .AuditHeads.Where(h => h.Chain == chain.Key)
                .ExecuteUpdateAsync(s => s.SetProperty(h => h.Sequence, sequence).SetProperty(h => h.Hash, hash), cancellationToken);
        }
    }
}
