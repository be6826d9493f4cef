using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Audit;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;
using WebhookConsole.Live;

namespace WebhookConsole.Inbox;

/// <summary>An inbox with what a list shows about it.</summary>
public sealed record InboxSummary(InboxEndpoint Inbox, int Requests, DateTimeOffset? LastReceivedAt);

/// <summary>A received request without its body, which may be large.</summary>
/// <param name="EventType">From its header; null when there is none.</param>
public sealed record InboxRequestRow(
    Guid Id,
    DateTimeOffset ReceivedAt,
    string Method,
    string? EventType,
    int BodyBytes,
    int AnsweredStatus,
    bool? SignatureValid,
    string Verification
);

/// <summary>The inboxes of a project and what they received (specification §9).</summary>
public sealed class InboxService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    AuditLog audit,
    ChangeFeed feed,
    IOptions<InboxOptions> options,
    TimeProvider clock
)
{
    public const int MaxPerProject = 20;
    public const int MaxNameLength = 100;

    private const string EventHeader = "X-Webhook-Event";

    // 192 bits: as unguessable as an API token, because anyone who knows it can fill the inbox.
    private const int TokenBytes = 24;

    /// <summary>False with <c>Inbox:Enabled=false</c>: the addresses answer 404.</summary>
    public bool Enabled => options.Value.Enabled;

    /// <summary>Path of an inbox, without a leading slash so that it can be appended to the base address.</summary>
    public static string PathOf(InboxEndpoint inbox) => $"inbox/{inbox.Token}";

    /// <summary>Newest inbox first.</summary>
    [Requires(Permission.ViewDeliveries)]
    public async Task<IReadOnlyList<InboxSummary>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<InboxEndpoint> inboxes = await db
            .Inboxes.AsNoTracking()
            .Where(i => i.ProjectId == projectId)
            .OrderByDescending(i => i.Id)
            .ToListAsync(cancellationToken);
        var counts = await (
            from r in db.InboxRequests
            join i in db.Inboxes on r.InboxId equals i.Id
            where i.ProjectId == projectId
            group r by r.InboxId into g
            select new
            {
                Id = g.Key,
                Count = g.Count(),
                Last = g.Max(r => r.ReceivedAt),
            }
        ).ToDictionaryAsync(c => c.Id, cancellationToken);
        return inboxes.ConvertAll(i => counts.TryGetValue(i.Id, out var count) ? new InboxSummary(i, count.Count, count.Last) : new InboxSummary(i, 0, null));
    }

    /// <exception cref="RuleException">No such inbox in the project.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<InboxEndpoint> GetAsync(Actor actor, Guid projectId, Guid inboxId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db.Inboxes.AsNoTracking(), projectId, inboxId, cancellationToken);
    }

    /// <summary>The received requests, newest first; at most <see cref="InboxStore.MaxRequests"/>.</summary>
    /// <exception cref="RuleException">No such inbox in the project.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<IReadOnlyList<InboxRequestRow>> ListRequestsAsync(Actor actor, Guid projectId, Guid inboxId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        await FindAsync(db.Inboxes.AsNoTracking(), projectId, inboxId, cancellationToken);
        var rows = await db
            .InboxRequests.Where(r => r.InboxId == inboxId)
            .OrderByDescending(r => r.Id)
            .Take(InboxStore.MaxRequests)
            .Select(r => new
            {
                r.Id,
                r.ReceivedAt,
                r.Method,
                r.Headers,
                r.Body.Length,
                r.AnsweredStatus,
                r.SignatureValid,
                r.Verification,
            })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(r => new InboxRequestRow(
            r.Id,
            r.ReceivedAt,
            r.Method,
            InboxHeaders.Find(r.Headers, EventHeader),
            r.Length,
            r.AnsweredStatus,
            r.SignatureValid,
            r.Verification
        ));
    }

    /// <returns>Null when it is no longer kept.</returns>
    [Requires(Permission.ViewDeliveries)]
    public async Task<InboxRequest?> FindRequestAsync(Actor actor, Guid projectId, Guid inboxId, Guid requestId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from r in db.InboxRequests.AsNoTracking()
            join i in db.Inboxes on r.InboxId equals i.Id
            where r.Id == requestId && i.Id == inboxId && i.ProjectId == projectId
            select r
        ).SingleOrDefaultAsync(cancellationToken);
    }

    /// <exception cref="RuleException">No name, or Conflict <c>max_inboxes_reached</c>.</exception>
    [Requires(Permission.ManageInboxes)]
    public async Task<InboxEndpoint> CreateAsync(Actor actor, Guid projectId, string? name)
    {
        AccessPolicy.Demand(actor, Permission.ManageInboxes, projectId);
        string trimmed = (name ?? "").Trim();
        if (!ShownName.IsValid(trimmed, MaxNameLength))
        {
            throw RuleException.Invalid("name", $"Enter a name of 1–{MaxNameLength} characters, without control characters.");
        }

        DateTimeOffset now = clock.GetUtcNow();
        InboxEndpoint inbox = new()
        {
            Id = Ids.New(now),
            ProjectId = projectId,
            Name = trimmed,
            Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)),
            CreatedAt = now,
        };
        await work.RunAsync(async db =>
        {
            if (await db.Inboxes.CountAsync(i => i.ProjectId == projectId) >= MaxPerProject)
            {
                throw RuleException.Conflict("max_inboxes_reached", $"A project has at most {MaxPerProject} inboxes. Delete one that is no longer used.");
            }

            db.Inboxes.Add(inbox);
            Record(db, actor, inbox, new { change = "created" });
        });
        Publish(inbox);
        return inbox;
    }

    /// <summary>Sets the answers, starting with the next request.</summary>
    /// <exception cref="RuleException">No such inbox.</exception>
    [Requires(Permission.ManageInboxes)]
    public Task SetAnswersAsync(Actor actor, Guid projectId, Guid inboxId, AnswerSequence answers)
    {
        AccessPolicy.Demand(actor, Permission.ManageInboxes, projectId);
        return ChangeAsync(
            actor,
            projectId,
            inboxId,
            (_, inbox) =>
            {
                (inbox.Answers, inbox.Answered) = (answers, 0);
                return Task.FromResult<object>(new { change = "answers", answers = answers.ToString() });
            }
        );
    }

    /// <summary>Starts the answers again at the first step.</summary>
    /// <exception cref="RuleException">No such inbox.</exception>
    [Requires(Permission.ManageInboxes)]
    public Task RestartAsync(Actor actor, Guid projectId, Guid inboxId)
    {
        AccessPolicy.Demand(actor, Permission.ManageInboxes, projectId);
        return ChangeAsync(
            actor,
            projectId,
            inboxId,
            (_, inbox) =>
            {
                inbox.Answered = 0;
                return Task.FromResult<object>(new { change = "restarted" });
            }
        );
    }

    /// <summary>Removes what was received; the address stays.</summary>
    [Requires(Permission.ManageInboxes)]
    public Task ClearAsync(Actor actor, Guid projectId, Guid inboxId)
    {
        AccessPolicy.Demand(actor, Permission.ManageInboxes, projectId);
        return ChangeAsync(
            actor,
            projectId,
            inboxId,
            async (db, _) => new { change = "cleared", requests = await db.InboxRequests.Where(r => r.InboxId == inboxId).ExecuteDeleteAsync() }
        );
    }

    /// <summary>Removes the inbox with what it received; its address answers 404 from now on.</summary>
    [Requires(Permission.ManageInboxes)]
    public Task DeleteAsync(Actor actor, Guid projectId, Guid inboxId)
    {
        AccessPolicy.Demand(actor, Permission.ManageInboxes, projectId);
        return ChangeAsync(
            actor,
            projectId,
            inboxId,
            (db, inbox) =>
            {
                db.Inboxes.Remove(inbox);
                return Task.FromResult<object>(new { change = "deleted" });
            }
        );
    }

    private static async Task<InboxEndpoint> FindAsync(IQueryable<InboxEndpoint> inboxes, Guid projectId, Guid inboxId, CancellationToken cancellationToken) =>
        await inboxes.SingleOrDefaultAsync(i => i.Id == inboxId && i.ProjectId == projectId, cancellationToken) ?? throw RuleException.NotFound("inbox");

    private async Task ChangeAsync(Actor actor, Guid projectId, Guid inboxId, Func<ConsoleDbContext, InboxEndpoint, Task<object>> change)
    {
        InboxEndpoint changed = await work.RunAsync(async db =>
        {
            InboxEndpoint inbox = await FindAsync(db.Inboxes, projectId, inboxId, CancellationToken.None);
            Record(db, actor, inbox, await change(db, inbox));
            return inbox;
        });
        Publish(changed);
    }

    // The token stays out of the log: otherwise anyone who reads the log could post to the inbox.
    private void Record(ConsoleDbContext db, Actor actor, InboxEndpoint inbox, object details) =>
        audit.Add(db, actor, AuditActions.InboxChanged, inbox.ProjectId, new AuditTarget("inbox", inbox.Id, inbox.Name), details);

    private void Publish(InboxEndpoint inbox) => feed.Publish(new ChangeNotice(inbox.ProjectId, ChangeKind.Inbox, inbox.Id));
}
