using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>How far a project has come on its way to the first delivery.</summary>
/// <param name="Inbox">An inbox exists.</param>
/// <param name="Webhook">A webhook exists.</param>
/// <param name="Tested">A test, or an event, was delivered somewhere.</param>
/// <param name="Token">A token can be used.</param>
/// <param name="Event">An event was delivered or is on its way.</param>
/// <param name="WebhookId">One to send a test with; null when there is none.</param>
public sealed record FirstSteps(bool Inbox, bool Webhook, bool Tested, bool Token, bool Event, Guid? WebhookId)
{
    /// <summary>A project with a webhook and real events needs no guide, whatever the order of its steps.</summary>
    public bool Done => Webhook && Event;
}

/// <summary>Reads <see cref="FirstSteps"/>: five look-ups that stop at the first row.</summary>
public sealed class FirstStepsQuery(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider clock)
{
    [Requires(Permission.ViewWebhooks)]
    public async Task<FirstSteps> GetAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        AccessPolicy.Demand(actor, Permission.ViewWebhooks, projectId);
        DateTimeOffset now = clock.GetUtcNow();
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        Guid? webhook = await db
            .Webhooks.Where(w => w.ProjectId == projectId && w.DeletedAt == null)
            .OrderBy(w => w.Id)
            .Select(w => (Guid?)w.Id)
            .FirstOrDefaultAsync(cancellationToken);

        // The newest row is nearly always enough; only a project that sends nothing but tests needs the second look-up.
        bool? newestIsTest = await db
            .Deliveries.Where(d => d.ProjectId == projectId)
            .OrderByDescending(d => d.Id)
            .Select(d => (bool?)d.Test)
            .FirstOrDefaultAsync(cancellationToken);
        bool live =
            newestIsTest == false || (newestIsTest == true && await db.Deliveries.AnyAsync(d => d.ProjectId == projectId && !d.Test, cancellationToken));
        return new FirstSteps(
            await db.Inboxes.AnyAsync(i => i.ProjectId == projectId, cancellationToken),
            webhook is not null,
            newestIsTest is not null,
            await db.ApiTokens.AnyAsync(t => t.ProjectId == projectId && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now), cancellationToken),
            live,
            webhook
        );
    }
}
