using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What the group-commit writer promises to those who share a transaction.</summary>
public sealed class WriterTests : StoreTests
{
    [Fact]
    public async Task Record_BehindAFloodOfEvents_IsWrittenFirst()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        NewEvent Next() =>
            new(
                new WebhookEvent
                {
                    Id = Ids.New(StoreDatabase.Now),
                    ProjectId = Database.ProjectId,
                    Type = "order.created",
                    Payload = "{}"u8.ToArray(),
                    CreatedAt = StoreDatabase.Now,
                },
                [new NewDelivery(Ids.New(StoreDatabase.Now), Database.WebhookId, null)],
                NewType: false
            );

        NewEvent sent = Next();
        await Database.Store.AddEventsAsync([sent]);
        List<Task<StoredEvent[]>> flood = [];
        Task<bool> recorded;
        await using (DbConnection locker = Database.Dialect.Open())
        {
            await using DbCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            for (int i = 0; i < 30; i++)
            {
                flood.Add(Database.Store.AddEventsAsync([.. Enumerable.Range(0, 500).Select(_ => Next())]));
            }

            recorded = RecordAsync();
        }

        Assert.True(await recorded);
        await Task.WhenAll(flood);

        // True when part of the flood still waits at the moment the result is on disk; asked on the writer's own thread.
        async Task<bool> RecordAsync()
        {
            await Database.Store.RecordAsync(Result(sent.Deliveries[0].Id), continueOnWriter: true);
            return flood.Exists(f => !f.IsCompleted);
        }
    }

    [Fact]
    public async Task AddEvents_LargePayloadsWhileTheDatabaseIsLocked_AreRefusedBeforeTheyFillTheMemory()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        const int LargePayload = 256 * 1024;
        const int FitInMemory = 200 * 1024 * 1024 / LargePayload;
        byte[] payload = new byte[LargePayload];
        List<Task<StoredEvent[]>> accepted = [];
        RuleException? refusal = null;
        await using (DbConnection locker = Database.Dialect.Open())
        {
            await using DbCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            while (refusal is null && accepted.Count < FitInMemory)
            {
                WebhookEvent e = new()
                {
                    Id = Ids.New(StoreDatabase.Now),
                    ProjectId = Database.ProjectId,
                    Type = "order.created",
                    Payload = payload,
                    CreatedAt = StoreDatabase.Now,
                };
                try
                {
                    accepted.Add(Database.Store.AddEventsAsync([new NewEvent(e, [], NewType: false)]));
                }
                catch (RuleException exception)
                {
                    refusal = exception;
                }
            }
        }

        Assert.Equal(RefusalKind.Unavailable, refusal?.Kind);
        await Task.WhenAll(accepted);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Writer_PoisonInABatch_FailsAlone(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [];
        for (int i = 0; i < 20; i++)
        {
            ids.Add(await AddAsync());
        }

        // The same attempt id twice breaks the primary key.
        AttemptResult first = Result(ids[0]);
        await Store.RecordAsync(first);
        List<Task<RecordedAttempt>> neighbours = [];
        Task<RecordedAttempt>? poison = null;
        for (int i = 1; i < ids.Count; i++)
        {
            neighbours.Add(Store.RecordAsync(Result(ids[i])));
            if (i == 10)
            {
                poison = Store.RecordAsync(first);
            }
        }

        await Assert.ThrowsAnyAsync<DbException>(() => poison!);
        Assert.All(await Task.WhenAll(neighbours), r => Assert.Equal(1, r.Number));
        Assert.Equal(20, await Database.QueryAsync(db => db.Attempts.CountAsync()));
        Assert.Equal(20, await Database.QueryAsync(db => db.WebhookQuarters.SumAsync(h => h.Succeeded)));
        Assert.Equal(1, (await Database.DeliveryAsync(ids[0])).AttemptCount);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Writer_EventWithATakenId_FailsAlone(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent first = Event();
        await Store.AddEventsAsync([first]);
        Task<StoredEvent[]> before = Store.AddEventsAsync([Event()]);
        Task<StoredEvent[]> poison = Store.AddEventsAsync([first]);
        Task<StoredEvent[]> after = Store.AddEventsAsync([Event()]);
        await Assert.ThrowsAnyAsync<Exception>(() => poison);
        Assert.Equal(1, (await before)[0].Deliveries);
        Assert.Equal(1, (await after)[0].Deliveries);
        Assert.Equal(3, Due(DeliveryStatus.Pending).Count);
    }
}
