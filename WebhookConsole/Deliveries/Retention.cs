using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Deliveries;

/// <summary>What a run removed.</summary>
/// <param name="Deliveries">With their attempts.</param>
public sealed record RetentionResult(int Deliveries, int Events, int InboxRequests, int Quarters, int Recoveries);

/// <summary>
/// Removes what is older than <c>Retention:Days</c> or more than <c>Retention:MaxDeliveries</c> (specification §8): finished deliveries with
/// their attempts and the heads that only those shared, events whose last delivery is gone, counters for charts, recoveries, keys of repeated calls after a day, and what inboxes received. The audit log is append-only and
/// stays. It works in small pages with pauses in between, so that neither intake nor delivery waits for it.
/// </summary>
public sealed class Retention(DeliveryStore store, UnitOfWork work, IOptions<RetentionOptions> options, TimeProvider clock)
{
    // A page takes a few milliseconds of the one writer, which events and results wait for.
    private const int Page = 100;

    // Received requests hold bodies of up to 256 KiB.
    private const int InboxPage = 20;
    private const int ResultPage = 500;
    private static readonly TimeSpan s_shortestRest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(1);

    /// <summary>One pass over everything that is old. Each page is committed by itself, so the next run continues where an interrupted one stopped.</summary>
    /// <exception cref="OperationCanceledException">The application is stopping.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be written now.</exception>
    public async Task<RetentionResult> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset oldest = clock.GetUtcNow().AddDays(-options.Value.Days);
        Guid byAge = Ids.Floor(oldest);
        Guid before = options.Value.MaxDeliveries > 0 && store.FindDelivery(options.Value.MaxDeliveries - 1) is { } kept && IsAfter(kept, byAge) ? kept : byAge;
        int deliveries = await RemoveAsync(before, store.ReadRemovableDeliveries, ids => store.RemoveAsync(ids, []), cancellationToken);
        int events = await RemoveAsync(before, store.ReadRemovableEvents, ids => store.RemoveAsync([], ids), cancellationToken);
        await RemoveHeadsAsync(oldest, cancellationToken);
        int requests = await RemoveInboxRequestsAsync(byAge, cancellationToken);
        DateTimeOffset forgotten = clock.GetUtcNow() - IdempotentCall.Life;
        await work.RunAsync(db => db.IdempotentCalls.Where(c => c.CreatedAt < forgotten).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        long quarter = WebhookQuarter.Of(oldest);
        int quarters = await work.RunAsync(db => db.WebhookQuarters.Where(q => q.Quarter < quarter).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        return new RetentionResult(deliveries, events, requests, quarters, await RemoveRecoveriesAsync(oldest, cancellationToken));
    }

    // Each page continues after the previous one, so that rows it may not remove are read once per run instead of once per page.
    private static async Task<int> RemoveAsync(
        Guid before,
        Func<Guid, Guid, int, List<Guid>> read,
        Func<IReadOnlyList<Guid>, Task<int>> remove,
        CancellationToken cancellationToken
    )
    {
        int removed = 0;
        Guid after = Guid.Empty;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            List<Guid> ids = read(after, before, Page);
            removed += ids.Count == 0 ? 0 : await remove(ids);
            if (ids.Count < Page)
            {
                return removed;
            }

            after = ids[^1];
            await RestAsync(Stopwatch.GetElapsedTime(start), cancellationToken);
        }
    }

    private async Task RemoveHeadsAsync(DateTimeOffset kept, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (await store.RemoveHeadsAsync(kept))
        {
            await RestAsync(Stopwatch.GetElapsedTime(start), cancellationToken);
            start = Stopwatch.GetTimestamp();
        }
    }

    private Task<int> RemoveInboxRequestsAsync(Guid before, CancellationToken cancellationToken) =>
        RemoveInPagesAsync(
            InboxPage,
            db => db.InboxRequests.Where(r => r.Id.CompareTo(before) < 0).OrderBy(r => r.Id).Take(InboxPage).ExecuteDeleteAsync(cancellationToken),
            cancellationToken
        );

    // The results go first: while a recovery is there, its page can be opened.
    private async Task<int> RemoveRecoveriesAsync(DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        List<Guid> over = await work.RunAsync(
            db => db.Recoveries.Where(r => r.CompletedAt < oldest).Select(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken
        );
        foreach (Guid id in over)
        {
            await RemoveInPagesAsync(ResultPage, db => RemoveResultsAsync(db, id, cancellationToken), cancellationToken);
            await work.RunAsync(db => db.Recoveries.Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }

        return over.Count;
    }

    private static async Task<int> RemoveResultsAsync(ConsoleDbContext db, Guid recoveryId, CancellationToken cancellationToken)
    {
        IQueryable<RecoveryResult> results = db.RecoveryResults.Where(r => r.RecoveryId == recoveryId);
        Guid last = await results.OrderBy(r => r.DeliveryId).Select(r => r.DeliveryId).Skip(ResultPage - 1).FirstOrDefaultAsync(cancellationToken);
        return await (last == Guid.Empty ? results : results.Where(r => r.DeliveryId.CompareTo(last) <= 0)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<int> RemoveInPagesAsync(int full, Func<ConsoleDbContext, Task<int>> removePage, CancellationToken cancellationToken)
    {
        int removed = 0;
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            int page = await work.RunAsync(removePage, cancellationToken);
            removed += page;
            if (page < full)
            {
                return removed;
            }

            await RestAsync(Stopwatch.GetElapsedTime(start), cancellationToken);
        }
    }

    // Pauses for as long as the page took: where the writer is busy the page waited for its turn, so the next one comes later. The
    // timer is the platform's, because this is about a real disk.
    private static Task RestAsync(TimeSpan page, CancellationToken cancellationToken) =>
        Task.Delay(
            page < s_shortestRest ? s_shortestRest
                : page > s_longestRest ? s_longestRest
                : page,
            TimeProvider.System,
            cancellationToken
        );

    // This is the order of the keys, which is that of the bytes as written.
    private static bool IsAfter(Guid id, Guid other) => id.CompareTo(other) > 0;
}
