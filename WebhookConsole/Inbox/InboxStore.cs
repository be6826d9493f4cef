using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Live;

namespace WebhookConsole.Inbox;

/// <summary>The database access of the receiver: finds an inbox by its token and keeps the newest requests of each.</summary>
public sealed class InboxStore(IDbContextFactory<ConsoleDbContext> contexts, DeliveryStore store, ChangeFeed feed)
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

    /// <summary>Keeps a request, takes the next answer for it and tells the open pages.</summary>
    /// <param name="refusal">The status that the request was refused with; null for the next answer.</param>
    /// <returns>Null when the inbox was deleted in the meantime.</returns>
    public async Task<AnswerStep?> AddAsync(InboxEndpoint inbox, InboxRequest request, int? refusal)
    {
        AnswerStep? answer = await store.AddInboxRequestAsync(request, MaxRequests, refusal);
        feed.Publish(new ChangeNotice(inbox.ProjectId, ChangeKind.Inbox, inbox.Id));
        return answer;
    }
}
