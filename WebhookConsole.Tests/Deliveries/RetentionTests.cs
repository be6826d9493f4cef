using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Data;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>What retention promises on every database (specification §8).</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const int Days = 30;

    private static readonly DeliveryStatus[] s_finished = [DeliveryStatus.Succeeded, DeliveryStatus.Failed, DeliveryStatus.Cancelled];

    private StoreDatabase Database { get; set; } = null!;

    private static DateTimeOffset LongAgo => StoreDatabase.Now.AddDays(-Days).AddMilliseconds(-1);

    private static DateTimeOffset JustInTime => StoreDatabase.Now.AddDays(-Days);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Database.DisposeAsync();

    private async Task OpenAsync(DatabaseKind kind) => Database = await StoreDatabase.OpenAsync(kind);

    private Task<RetentionResult> RunAsync(int maxDeliveries = 0, CancellationToken cancellationToken = default) =>
        new Retention(
            Database.Store,
            Database.Work,
            Options.Create(new RetentionOptions { Days = Days, MaxDeliveries = maxDeliveries }),
            new FakeClock(StoreDatabase.Now)
        ).RunAsync(cancellationToken);

    private static (int Deliveries, int Events) Counts(RetentionResult result) => (result.Deliveries, result.Events);

    private Task<bool> ExistsAsync(Guid delivery) => Database.QueryAsync(db => db.Deliveries.AnyAsync(d => d.Id == delivery));

    // An event with one delivery in a status, with an attempt unless it is pending.
    private async Task<Guid> AddAsync(DateTimeOffset at, DeliveryStatus status, string? clientId = null)
    {
        NewEvent added = Event(at, clientId, Database.WebhookId);
        await Database.Store.AddEventsAsync([added]);
        Guid id = added.Deliveries[0].Id;
        await SetAsync(id, status);
        return id;
    }

    private NewEvent Event(DateTimeOffset at, string? clientId, params Guid[] webhooks) =>
        new(
            new WebhookEvent
            {
                Id = Ids.New(at),
                ProjectId = Database.ProjectId,
                Type = "order.created",
                Payload = "1"u8.ToArray(),
                ClientId = clientId,
                CreatedAt = at,
            },
            webhooks.Select(w => new NewDelivery(Ids.New(at), w, null)).ToList(),
            NewType: false
        );

    private async Task SetAsync(Guid delivery, DeliveryStatus status)
    {
        if (status != DeliveryStatus.Pending)
        {
            DeliveryAttempt attempt = new()
            {
                Id = Ids.New(StoreDatabase.Now),
                DeliveryId = delivery,
                Trigger = AttemptTrigger.Automatic,
                StartedAt = StoreDatabase.Now,
                DurationMs = 1,
                Url = "https://hooks.example/",
                RequestHeaders = "",
                SignedWith = "",
            };
            await Database.Store.RecordAsync(new AttemptResult(attempt, Database.ProjectId, Database.WebhookId, 0, StoreDatabase.Now, null, null));
        }

        await Database.QueryAsync(db =>
            db.Deliveries.Where(d => d.Id == delivery)
                .ExecuteUpdateAsync(s =>
                    s.SetProperty(d => d.Status, status)
                        .SetProperty(d => d.NextAttemptAt, status is DeliveryStatus.Pending or DeliveryStatus.Retrying ? StoreDatabase.Now : null)
                )
        );
    }

    private Task<int> CountAsync<T>()
        where T : class => Database.QueryAsync(db => db.Set<T>().CountAsync());

    public static TheoryData<string> Pages => [DeliveryStore.SelectRemovableDeliveries, DeliveryStore.SelectRemovableEvents];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_Plan_SearchesByKeyAndSortsNothing(string statement)
    {
        await OpenAsync(DatabaseKind.Sqlite);
        await using DbConnection connection = Database.Dialect.Open();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
        foreach (string name in new[] { "@p0", "@p1", "@p2" })
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, 1);
            command.Parameters.Add(parameter);
        }

        List<string> plan = [];
        await using (DbDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(3));
            }
        }

        Assert.Contains(plan, p => p.StartsWith("SEARCH", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, p => p.StartsWith("SCAN", StringComparison.Ordinal) || p.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_LockedDatabase_SaysSoAndGoesOnAtTheNextRun()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        Guid old = await AddAsync(LongAgo, DeliveryStatus.Succeeded);
        await using (DbConnection locker = Database.Dialect.Open())
        {
            await using DbCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync());
        }

        Assert.True(await ExistsAsync(old));
        Assert.Equal((1, 1), Counts(await RunAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_OldAndFinished_GoesWithItsAttemptsAndEvent(DatabaseKind kind)
    {
        await OpenAsync(kind);
        foreach (DeliveryStatus status in s_finished)
        {
            await AddAsync(LongAgo, status);
        }

        Assert.Equal((3, 3), Counts(await RunAsync()));
        Assert.Equal((0, 0, 0), (await CountAsync<Delivery>(), await CountAsync<AttemptRow>(), await CountAsync<WebhookEvent>()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_NotOldEnough_Stays(DatabaseKind kind)
    {
        await OpenAsync(kind);
        foreach (DeliveryStatus status in s_finished)
        {
            await AddAsync(JustInTime, status);
        }

        Assert.Equal((0, 0), Counts(await RunAsync()));
        Assert.Equal((3, 3, 3), (await CountAsync<Delivery>(), await CountAsync<AttemptRow>(), await CountAsync<WebhookEvent>()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_OldAndUnfinished_StaysWithItsAttemptsAndEvent(DatabaseKind kind)
    {
        await OpenAsync(kind);
        foreach (DeliveryStatus status in Enum.GetValues<DeliveryStatus>().Except(s_finished))
        {
            await AddAsync(LongAgo.AddDays(-1000), status);
        }

        Assert.Equal((0, 0), Counts(await RunAsync()));
        Assert.Equal((3, 2, 3), (await CountAsync<Delivery>(), await CountAsync<AttemptRow>(), await CountAsync<WebhookEvent>()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_EventOfTwoDeliveries_StaysUntilTheLastIsFinished(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent added = Event(LongAgo, null, Database.WebhookId, await Database.AddWebhookAsync());
        await Database.Store.AddEventsAsync([added]);
        await SetAsync(added.Deliveries[0].Id, DeliveryStatus.Succeeded);
        Assert.Equal((1, 0), Counts(await RunAsync()));
        await SetAsync(added.Deliveries[1].Id, DeliveryStatus.Failed);
        Assert.Equal((1, 1), Counts(await RunAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_OldEventThatMatchedNothing_Goes(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Database.Store.AddEventsAsync([Event(LongAgo, null), Event(JustInTime, null)]);
        Assert.Equal((0, 1), Counts(await RunAsync()));
        Assert.Equal(1, await CountAsync<WebhookEvent>());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_ClientId_MayBeUsedAgainAfterIt(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await AddAsync(LongAgo, DeliveryStatus.Succeeded, "order-1");
        NewEvent again = Event(StoreDatabase.Now, "order-1", Database.WebhookId);
        Assert.True((await Database.Store.AddEventsAsync([again]))[0].Duplicate);
        await RunAsync();
        StoredEvent stored = (await Database.Store.AddEventsAsync([again]))[0];
        Assert.Equal((again.Event.Id, 1, false), (stored.EventId, stored.Deliveries, stored.Duplicate));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_MorePagesThanOneBetweenWhatStays_FindsAllInOneRun(DatabaseKind kind)
    {
        await OpenAsync(kind);
        const int Each = 230;
        List<NewEvent> events = [.. Enumerable.Range(0, 2 * Each).Select(i => Event(LongAgo.AddMinutes(-i), null, Database.WebhookId))];
        await Database.Store.AddEventsAsync(events);
        Guid[] finished = [.. events.Where((_, i) => i % 2 == 0).Select(e => e.Deliveries[0].Id)];
        await Database.QueryAsync(db =>
            db.Deliveries.Where(d => finished.Contains(d.Id))
                .ExecuteUpdateAsync(s => s.SetProperty(d => d.Status, DeliveryStatus.Succeeded).SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null))
        );
        Assert.Equal((Each, Each), Counts(await RunAsync()));
        Assert.Equal((Each, Each), (await CountAsync<Delivery>(), await CountAsync<WebhookEvent>()));
        Assert.Equal(
            Each,
            Database
                .Store.ReadDue(Database.WebhookId, DeliveryStatus.Pending, StoreDatabase.Now, 2 * Each, known: 0, maxBytes: int.MaxValue, _ => false)
                .Due.Count
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_MoreThanTheLimit_KeepsTheNewestAndWhatIsUnfinished(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [];
        for (int i = 0; i < 6; i++)
        {
            ids.Add(await AddAsync(StoreDatabase.Now.AddMinutes(i), i == 1 ? DeliveryStatus.Held : DeliveryStatus.Succeeded));
        }

        Assert.Equal((3, 3), Counts(await RunAsync(maxDeliveries: 2)));
        List<Guid> left = await Database.QueryAsync(db => db.Deliveries.OrderBy(d => d.Id).Select(d => d.Id).ToListAsync());
        Assert.Equal([ids[1], ids[4], ids[5]], left);
        Assert.Equal((0, 0), Counts(await RunAsync(maxDeliveries: 3)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_CountersAndInboxRequests_GoByAge_TheAuditLogStays(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Database.QueryAsync(db =>
        {
            InboxEndpoint inbox = new()
            {
                Id = Ids.New(StoreDatabase.Now),
                ProjectId = Database.ProjectId,
                Name = "inbox",
                Token = "token",
                CreatedAt = StoreDatabase.Now,
            };
            db.Inboxes.Add(inbox);
            foreach (DateTimeOffset at in Enumerable.Repeat(LongAgo, 45).Append(StoreDatabase.Now))
            {
                db.InboxRequests.Add(
                    new InboxRequest
                    {
                        Id = Ids.New(at),
                        InboxId = inbox.Id,
                        ReceivedAt = at,
                        Method = "POST",
                        Headers = "",
                        Body = [1],
                        AnsweredStatus = 200,
                        Verification = "",
                    }
                );
            }

            foreach (DateTimeOffset at in new[] { LongAgo.AddHours(-1), StoreDatabase.Now })
            {
                db.WebhookQuarters.Add(new WebhookQuarter { WebhookId = Database.WebhookId, Quarter = WebhookQuarter.Of(at) });
                db.AuditEntries.Add(
                    new AuditEntry
                    {
                        Id = Ids.New(at),
                        At = at,
                        ActorKind = "system",
                        ActorName = "system",
                        Action = AuditActions.HeldReleased,
                    }
                );
            }

            return db.SaveChangesAsync();
        });
        RetentionResult result = await RunAsync();
        Assert.Equal((45, 1), (result.InboxRequests, result.Quarters));
        Assert.Equal((1, 1, 2), (await CountAsync<InboxRequest>(), await CountAsync<WebhookQuarter>(), await CountAsync<AuditEntry>()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Remove_RecoveryThatIsLongOver_GoesWithItsResultsAndOthersStay(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid old = Guid.Empty;
        await Database.QueryAsync(db =>
        {
            foreach (DateTimeOffset? end in new DateTimeOffset?[] { LongAgo, JustInTime, null })
            {
                Recovery recovery = new()
                {
                    Id = Ids.New(LongAgo.AddDays(-1)),
                    ProjectId = Database.ProjectId,
                    Until = LongAgo,
                    TakesFailed = true,
                    TakesHeld = false,
                    StartedBy = "system",
                    CreatedAt = LongAgo.AddDays(-1),
                    CompletedAt = end,
                };
                old = end == LongAgo ? recovery.Id : old;
                db.Recoveries.Add(recovery);
                db.RecoveryParts.Add(
                    new RecoveryPart
                    {
                        RecoveryId = recovery.Id,
                        WebhookId = Database.WebhookId,
                        Status = DeliveryStatus.Failed,
                    }
                );
                db.RecoveryResults.AddRange(
                    Enumerable
                        .Range(0, 1203)
                        .Select(_ => new RecoveryResult
                        {
                            RecoveryId = recovery.Id,
                            DeliveryId = Ids.New(LongAgo),
                            AttemptId = Ids.New(LongAgo),
                            Succeeded = true,
                            At = LongAgo,
                        })
                );
            }

            return db.SaveChangesAsync();
        });

        Assert.Equal(1, (await RunAsync()).Recoveries);

        Assert.Equal((2, 2, 2406), (await CountAsync<Recovery>(), await CountAsync<RecoveryPart>(), await CountAsync<RecoveryResult>()));
        Assert.False(await Database.QueryAsync(db => db.Recoveries.AnyAsync(r => r.Id == old)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Remove_DueAgainSinceItWasFound_StaysWithItsEvent(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync(LongAgo, DeliveryStatus.Failed);
        Guid eventId = (await Database.DeliveryAsync(id)).EventId;
        Assert.Equal([id], Database.Store.ReadRemovableDeliveries(Guid.Empty, Ids.Floor(StoreDatabase.Now), 10));
        await SetAsync(id, DeliveryStatus.Retrying);
        Assert.Equal(0, await Database.Store.RemoveAsync([id], [eventId]));
        Assert.NotEmpty(await Database.AttemptsAsync(id));
        Assert.Equal(1, await CountAsync<WebhookEvent>());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Run_Stopped_EndsAtOnceAndRemovesNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await AddAsync(LongAgo, DeliveryStatus.Succeeded);
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(cancellationToken: stopped.Token));
        Assert.Equal(1, await CountAsync<Delivery>());
    }
}
