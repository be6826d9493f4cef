using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>Removes finished deliveries and their events after the retention (SPEC §8), in batches that never hold up a delivery.</summary>
public sealed class Retention(IDbContextFactory<ConsoleDbContext> contexts, IOptions<RetentionOptions> options, TimeProvider clock)
{
    private const int Batch = 500;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly DeliveryStatus[] s_finished = [DeliveryStatus.Succeeded, DeliveryStatus.Failed, DeliveryStatus.Cancelled];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Guid before = Ids.Floor(clock.GetUtcNow().AddDays(-options.Value.Days));
        while (await RemoveDeliveriesAsync(before, cancellationToken) == Batch || await RemoveEventsAsync(before, cancellationToken) == Batch)
        {
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private async Task<int> RemoveDeliveriesAsync(Guid before, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Guid> ids = await db
            .Deliveries.Where(d => d.Id.CompareTo(before) < 0 && s_finished.Contains(d.Status))
            .OrderBy(d => d.Id)
            .Select(d => d.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (ids.Count > 0)
        {
            await using Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Attempts.Where(a => ids.Contains(a.DeliveryId)).ExecuteDeleteAsync(cancellationToken);
            await db.Deliveries.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return ids.Count;
    }

    private async Task<int> RemoveEventsAsync(Guid before, CancellationToken cancellationToken)
    {
        await using ConsoleDbContext db = await contexts.CreateDbContextAsync(cancellationToken);
        List<Guid> ids = await db
            .Events.Where(e => e.Id.CompareTo(before) < 0 && !db.Deliveries.Any(d => d.EventId == e.Id))
            .OrderBy(e => e.Id)
            .Select(e => e.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (ids.Count > 0)
        {
            await db.Events.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        return ids.Count;
    }
}
