using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;

namespace WebhookConsole.Inbox;

/// <summary>What the receiver reads and writes: finds an inbox by its token, keeps the newest requests of each.</summary>
public sealed class InboxStore(IDbContextFactory<ConsoleDbContext> contexts, ChangeFeed feed)
{
    /// <summary>Requests that an inbox keeps; an older one makes room for a newer one (specification §9).</summary>
    public const int MaxRequests = 100;

    private const int MaxTokenLength = 64;

    /// <returns>Null when no inbox has this token.</returns>
    public async Task<InboxEndpoint?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength)
        {
            return null;
        }

        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Inboxes.AsNoTracking().SingleOrDefaultAsync(i => i.Token == token, cancellationToken);
    }

    /// <summary>Keeps a request and tells the open pages. One transaction, so that an inbox never holds more than it may.</summary>
    public async Task AddAsync(InboxEndpoint inbox, InboxRequest request, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.InboxRequests.Add(request);
        await db.SaveChangesAsync(cancellationToken);
        Guid oldest = await db
            .InboxRequests.Where(r => r.InboxId == inbox.Id)
            .OrderByDescending(r => r.Id)
            .Skip(MaxRequests - 1)
            .Select(r => r.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (oldest != Guid.Empty)
        {
            await db.InboxRequests.Where(r => r.InboxId == inbox.Id && r.Id.CompareTo(oldest) < 0).ExecuteDeleteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        feed.Publish(new ChangeNotice(inbox.ProjectId, ChangeKind.Inbox, inbox.Id));
    }
}
