using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Deliveries;

/// <summary>What comes before and after a delivery in a list, read by key like the list itself.</summary>
public sealed class DeliveryNeighbours(IDbContextFactory<ConsoleDbContext> contexts)
{
    /// <summary>Newer rows above the delivery on a page around it.</summary>
    public const int Above = 10;

    /// <summary>The cursor of a page that shows the delivery with <see cref="Above"/> newer ones over it.</summary>
    /// <param name="pageSize">Rows of a page; what is on the newest one needs no cursor.</param>
    /// <returns>Null when the newest page shows it.</returns>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<string?> CursorAroundAsync(
        Actor actor,
        Guid projectId,
        DeliveryFilter filter,
        Guid deliveryId,
        int pageSize,
        CancellationToken cancellationToken
    )
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        await DemandAsync(db, projectId, deliveryId, cancellationToken);
        if (await DeliveryQueries.BesideAsync(db, projectId, filter, deliveryId, newer: true, cancellationToken) is not { } above)
        {
            return null;
        }

        List<Guid> newer = await above.Take(pageSize).Select(d => d.Id).ToListAsync(cancellationToken);
        return newer.Count < pageSize ? null : Cursor.Write(DeliveryQueries.NameOf(projectId, filter), newer[Above]);
    }

    /// <summary>The next newer and the next older delivery of a list; the delivery itself need not be in it. Null where the list ends.</summary>
    /// <exception cref="RuleException">NotFound.</exception>
    [Requires(Permission.ViewDeliveries)]
    public async Task<(Guid? Newer, Guid? Older)> FindAsync(
        Actor actor,
        Guid projectId,
        DeliveryFilter filter,
        Guid deliveryId,
        CancellationToken cancellationToken
    )
    {
        AccessPolicy.Demand(actor, Permission.ViewDeliveries, projectId);
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        await DemandAsync(db, projectId, deliveryId, cancellationToken);
        return (await FirstAsync(newer: true), await FirstAsync(newer: false));

        async Task<Guid?> FirstAsync(bool newer) =>
            await DeliveryQueries.BesideAsync(db, projectId, filter, deliveryId, newer, cancellationToken) is { } beside
                ? await beside.Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancellationToken)
                : null;
    }

    private static async Task DemandAsync(ConsoleDbContext db, Guid projectId, Guid deliveryId, CancellationToken cancellationToken)
    {
        if (!await db.Deliveries.AnyAsync(d => d.Id == deliveryId && d.ProjectId == projectId, cancellationToken))
        {
            throw RuleException.NotFound("delivery");
        }
    }
}
