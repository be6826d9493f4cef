using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Components;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What is counted for charts while deliveries are recorded, and how the counters are read.</summary>
public sealed class StatsStoreTests : StoreTests
{
    // Now is at the beginning of a quarter.
    private static readonly long s_quarter = WebhookQuarter.Of(Now);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_Attempts_CountInTheQuarterInWhichTheyEnd(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 1, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, expected: 2));
        foreach (TimeSpan later in (TimeSpan[])[TimeSpan.FromTicks(-1), TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(15)])
        {
            await Store.RecordAsync(Result(await AddAsync(), completedAt: Now + later));
        }

        List<WebhookQuarter> quarters = await Database.QueryAsync(db => db.WebhookQuarters.AsNoTracking().OrderBy(q => q.Quarter).ToListAsync());
        Assert.Equal([(s_quarter - 1, 1, 0), (s_quarter, 2, 2), (s_quarter + 1, 1, 0)], quarters.Select(q => (q.Quarter, q.Succeeded, q.Failed)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_Latencies_AreThoseOfAnswersAndTimeouts(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1), status: null, FailureClass.ConnectionFailed);
        await FailAsync(id, 1, Now.AddMinutes(1), status: null, FailureClass.Timeout);
        await FailAsync(id, 2, Now.AddMinutes(1), 404, FailureClass.Http4xx);
        await Store.RecordAsync(Result(id, expected: 3));

        BucketCounts counted = Assert.Single(Store.ReadStats(Database.WebhookId, project: false, s_quarter, 1, s_quarter + 1));
        Assert.Equal((1, 3, 3), (counted.Succeeded, counted.Failed, counted.Latencies.Sum()));
        Assert.Equal(3, counted.Latencies[LatencyScale.ClassOf(12)]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_ManyInFewTransactions_CountsEach(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AddAsync()));
        await Task.WhenAll(ids.Select((id, i) => Store.RecordAsync(Result(id, completedAt: Now.AddMinutes(i % 4 * 15)))));

        List<BucketCounts> hour = Store.ReadStats(Database.WebhookId, project: false, s_quarter, 4, s_quarter + 4);
        Assert.Equal(200, Assert.Single(hour).Succeeded);
        Assert.Equal([50, 50, 50, 50], Store.ReadStats(Database.WebhookId, project: false, s_quarter, 1, s_quarter + 4).Select(b => b.Succeeded));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_NeighbourThatFailsInTheTransaction_CountsNothingTwice(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync()));
        AttemptResult twice = Result(ids[0]);
        await Store.RecordAsync(twice);

        // The id of the first attempt is already taken, so its transaction fails and every other result in it is tried alone.
        Task<RecordedAttempt> poisoned = Store.RecordAsync(twice);
        await Task.WhenAll(ids[1..].Select(id => Store.RecordAsync(Result(id))));
        await Assert.ThrowsAnyAsync<Exception>(() => poisoned);

        Assert.Equal(20, Assert.Single(Store.ReadStats(Database.WebhookId, project: false, s_quarter, 1, s_quarter + 1)).Succeeded);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadStats_Project_AddsUpItsWebhooksAndNoOthers(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid second = await Database.AddWebhookAsync();
        Guid stranger = Ids.New(Now);
        foreach (Guid webhook in (Guid[])[Database.WebhookId, second, stranger])
        {
            NewEvent added = Event(webhooks: webhook);
            await Store.AddEventsAsync([added]);
            await Store.RecordAsync(Result(added.Deliveries[0].Id) with { WebhookId = webhook });
            await SampleAsync(s_quarter, webhook, 10);
        }

        BucketCounts counted = Assert.Single(Store.ReadStats(Database.ProjectId, project: true, s_quarter - 3, 8, s_quarter + 5));
        Assert.Equal((0, 2, 20), (counted.Index, counted.Succeeded, counted.Backlog));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Backlog_Samples_KeepTheLargestOfAQuarterAndOfABucket(DatabaseKind kind)
    {
        await OpenAsync(kind);
        for (int i = 0; i < 12; i++)
        {
            await AddAsync();
        }

        BacklogSampler sampler = new(Store, Database.Metrics, new SteppedClock(Now));
        await sampler.RunAsync(CancellationToken.None);
        await SampleAsync(s_quarter, Database.WebhookId, 5);
        await SampleAsync(s_quarter + 1, Database.WebhookId, 40);
        await SampleAsync(s_quarter + 2, Database.WebhookId, 30);

        Assert.Equal([12L, 40, 30], Store.ReadStats(Database.WebhookId, project: false, s_quarter, 1, s_quarter + 3).Select(b => b.Backlog));
        Assert.Equal(40, Assert.Single(Store.ReadStats(Database.WebhookId, project: false, s_quarter, 4, s_quarter + 4)).Backlog);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task CountWaiting_LongQueue_StopsAtTheLimit(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AddAsync()));
        Assert.Equal((30, 20), (Store.CountWaiting(Database.WebhookId, 1000), Store.CountWaiting(Database.WebhookId, 20)));
        Assert.Equal(0, Store.CountWaiting(Guid.Empty, 20));
    }

    private Task<IReadOnlyList<Guid>> SampleAsync(long quarter, Guid webhook, int waiting) =>
        Store.SampleBacklogAsync(quarter, new BacklogSample([(webhook, waiting)], [], []), Now);
}
