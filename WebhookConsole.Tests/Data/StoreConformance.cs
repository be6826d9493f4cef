using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Data;

/// <summary>The suite on the embedded database.</summary>
public sealed class SqliteStoreTests : StoreConformance
{
    protected override Task<StoreDatabase> OpenAsync() => StoreDatabase.SqliteAsync();

    [Fact]
    public async Task Probe_OfAHealthyDatabase_ReallyWrites()
    {
        await using DbConnection other = Database.Dialect.Open();
        await using DbCommand command = other.CreateCommand();

        // Changes when another connection commits pages; a full disk refuses those and nothing less.
        command.CommandText = "PRAGMA data_version";
        object? before = await command.ExecuteScalarAsync();
        await Database.Store.ProbeAsync();
        Assert.NotEqual(before, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Probe_AfterARefusedWriteWithRoomOnTheDisk_SaysThatWritesWork()
    {
        await using (DbConnection locker = Database.Dialect.Open())
        {
            await using DbCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => Database.Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, null, StoreDatabase.Now));
        }

        await Database.Store.ProbeAsync();
    }

    [Fact]
    public async Task Record_BehindAFloodOfEvents_IsWrittenFirst()
    {
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
}

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgresStoreTests : StoreConformance
{
    protected override Task<StoreDatabase> OpenAsync() => StoreDatabase.PostgresAsync();
}

/// <summary>What the delivery store promises on every database.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private static readonly AutoDisableRule s_rule = new(5, TimeSpan.FromHours(120));

    private StoreDatabase _database = null!;

    private static DateTimeOffset Now => StoreDatabase.Now;

    private DeliveryStore Store => _database.Store;

    protected StoreDatabase Database => _database;

    public async Task InitializeAsync() => _database = await OpenAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    protected abstract Task<StoreDatabase> OpenAsync();

    private NewEvent Event(
        string? clientId = null,
        string? heldReason = null,
        DateTimeOffset? at = null,
        string type = "order.created",
        byte[]? payload = null,
        params Guid[] webhooks
    )
    {
        DateTimeOffset time = at ?? Now;
        WebhookEvent e = new()
        {
            Id = Ids.New(time),
            ProjectId = _database.ProjectId,
            Type = type,
            Payload = payload ?? """{"n":1}"""u8.ToArray(),
            ClientId = clientId,
            CreatedAt = time,
        };
        return new NewEvent(
            e,
            (webhooks.Length == 0 ? [_database.WebhookId] : webhooks).Select(w => new NewDelivery(Ids.New(time), w, heldReason)).ToList(),
            NewType: false
        );
    }

    private async Task<Guid> AddAsync(string? heldReason = null, DateTimeOffset? at = null)
    {
        NewEvent added = Event(heldReason: heldReason, at: at);
        await Store.AddEventsAsync([added]);
        return added.Deliveries[0].Id;
    }

    private protected AttemptResult Result(
        Guid deliveryId,
        FailureClass? failure = null,
        int? status = 200,
        int expected = 0,
        DateTimeOffset? next = null,
        AttemptTrigger trigger = AttemptTrigger.Automatic,
        DateTimeOffset? completedAt = null,
        byte[]? body = null,
        string? detail = null,
        string url = "https://hooks.example/"
    ) =>
        new(
            new DeliveryAttempt
            {
                Id = Ids.New(Now),
                DeliveryId = deliveryId,
                Trigger = trigger,
                StartedAt = Now,
                DurationMs = 12,
                Url = url,
                RemoteAddress = "203.0.113.7:443",
                StatusCode = status,
                FailureClass = failure,
                ErrorDetail = detail,
                RequestHeaders = "a: b\n",
                ResponseHeaders = [1, 0, 2],
                ResponseBody = body,
                SignedWith = "abcd1234",
            },
            _database.ProjectId,
            _database.WebhookId,
            expected,
            completedAt ?? Now,
            next,
            trigger == AttemptTrigger.Automatic ? s_rule : null
        );

    private Task<RecordedAttempt> FailAsync(Guid id, int expected, DateTimeOffset? next, int? status = 500, FailureClass failure = FailureClass.Http5xx) =>
        Store.RecordAsync(Result(id, failure, status, expected, next));

    private List<DueDelivery> Read(DeliveryStatus status, DateTimeOffset now, int page) =>
        Store.ReadDue(_database.WebhookId, status, now, page, known: 0, maxBytes: int.MaxValue, _ => false).Due;

    private List<Guid> Due(DeliveryStatus status, DateTimeOffset? now = null, int limit = 100) => Read(status, now ?? Now, limit).ConvertAll(d => d.Id);

    [StoreFact]
    public async Task AddEvents_NewEvent_IsDueAtOnceWithItsPayload()
    {
        NewEvent added = Event();
        StoredEvent stored = Assert.Single(await Store.AddEventsAsync([added]));
        Assert.Equal(new StoredEvent(added.Event.Id, 1, false), stored);
        DueDelivery due = Assert.Single(Read(DeliveryStatus.Pending, Now, 10));
        Assert.Equal((added.Deliveries[0].Id, added.Event.Id, "order.created", 0), (due.Id, due.EventId, due.EventType, due.ScheduledAttempts));
        Assert.Equal(added.Event.Payload, due.Payload);
    }

    [StoreFact]
    public async Task AddEvents_SameClientId_AnswersTheFirstAndAddsNothing()
    {
        StoredEvent first = (await Store.AddEventsAsync([Event("client-1")]))[0];
        StoredEvent[] again = await Store.AddEventsAsync([Event("client-1"), Event("client-2"), Event("client-2")]);
        Assert.Equal(new StoredEvent(first.EventId, 0, true), again[0]);
        Assert.False(again[1].Duplicate);
        Assert.Equal(new StoredEvent(again[1].EventId, 0, true), again[2]);
        Assert.Equal(2, Due(DeliveryStatus.Pending).Count);
    }

    [StoreFact]
    public async Task AddEvents_SameClientIdInAnotherProject_IsAnotherEvent()
    {
        await Store.AddEventsAsync([Event("client-1")]);
        NewEvent other = Event("client-1");
        NewEvent elsewhere = other with
        {
            Event = new WebhookEvent
            {
                Id = other.Event.Id,
                ProjectId = Guid.CreateVersion7(),
                Type = "a",
                Payload = other.Event.Payload,
                ClientId = "client-1",
                CreatedAt = Now,
            },
        };
        Assert.False((await Store.AddEventsAsync([elsewhere]))[0].Duplicate);
    }

    [StoreFact]
    public async Task AddEvents_ManyAtOnceWithOneClientId_StoresOne()
    {
        StoredEvent[][] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Store.AddEventsAsync([Event("same")])));
        Assert.Single(answers, a => !a[0].Duplicate);
        Assert.Single(answers.Select(a => a[0].EventId).Distinct());
        Assert.Single(Due(DeliveryStatus.Pending));
    }

    [StoreFact]
    public async Task AddEvents_NewType_IsSeenOnce()
    {
        NewEvent first = Event(type: "never.seen") with { NewType = true };
        NewEvent second = Event(type: "never.seen") with { NewType = true };
        await Store.AddEventsAsync([first, second]);
        EventType type = await _database.QueryAsync(db => db.EventTypes.SingleAsync(t => t.Name == "never.seen"));
        Assert.True(type.Seen);
    }

    [StoreFact]
    public async Task AddEvents_Held_IsNotDue()
    {
        await _database.ChangeWebhookAsync(_database.WebhookId, enabled: false);
        Guid id = await AddAsync(heldReason: "The webhook is disabled.");
        Assert.Empty(Due(DeliveryStatus.Pending));
        Assert.Null(Store.NextDue(_database.WebhookId));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Held, "The webhook is disabled.", null), (delivery.Status, delivery.StatusReason, delivery.NextAttemptAt));
    }

    [StoreFact]
    public async Task AddEvents_HeldByAStaleCache_IsDue()
    {
        // Whoever planned it saw the webhook disabled; it was turned on before the write.
        Guid id = await AddAsync(heldReason: "The webhook is disabled.");
        Assert.Equal([id], Due(DeliveryStatus.Pending));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Pending, null), (delivery.Status, delivery.StatusReason));
    }

    [StoreFact]
    public async Task Record_Success_CompletesTheDelivery()
    {
        Guid id = await AddAsync();
        Assert.Equal(new RecordedAttempt(1, null), await Store.RecordAsync(Result(id, completedAt: Now.AddSeconds(1))));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Succeeded, 1, 1, 200, 12),
            (delivery.Status, delivery.AttemptCount, delivery.ScheduledAttempts, delivery.LastStatusCode, delivery.LastDurationMs)
        );
        Assert.Equal(Now.AddSeconds(1), delivery.CompletedAt);
        Assert.Null(delivery.NextAttemptAt);
        Assert.Empty(Due(DeliveryStatus.Pending, Now.AddDays(1)));
    }

    [StoreFact]
    public async Task Record_Failures_GoThroughTheScheduleToFailed()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        Delivery retrying = await _database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Retrying, 1, FailureClass.Http5xx, Now.AddMinutes(1)),
            (retrying.Status, retrying.ScheduledAttempts, retrying.FailureClass, retrying.NextAttemptAt)
        );
        Assert.Empty(Due(DeliveryStatus.Retrying, Now.AddMinutes(1).AddMilliseconds(-1)));
        Assert.Equal(id, Assert.Single(Due(DeliveryStatus.Retrying, Now.AddMinutes(1))));

        Assert.Equal(2, (await FailAsync(id, 1, null)).Number);
        Delivery failed = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Failed, 2, Delivery.FailedError), (failed.Status, failed.AttemptCount, failed.Error));
        Assert.NotNull(failed.CompletedAt);
        Assert.Null(failed.NextAttemptAt);
        Assert.Equal([1, 2], (await _database.AttemptsAsync(id)).Select(a => a.Number));
    }

    [StoreFact]
    public async Task Record_SuccessAfterFailures_ForgetsTheFailure()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, expected: 1));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Succeeded, null, 2), (delivery.Status, delivery.FailureClass, delivery.AttemptCount));
    }

    [StoreFact]
    public async Task Record_FailureWhileHeldMeanwhile_StaysHeldOneFurther()
    {
        Guid id = await AddAsync();
        await _database.ChangeWebhookAsync(_database.WebhookId, enabled: false);
        await Store.MoveAsync(_database.WebhookId, DeliveryMove.Hold, "off", Now);
        await FailAsync(id, 0, Now.AddMinutes(1));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Held, 1, null), (delivery.Status, delivery.ScheduledAttempts, delivery.NextAttemptAt));

        await Store.MoveAsync(_database.WebhookId, DeliveryMove.Release, null, Now.AddHours(1));
        Assert.Equal(id, Assert.Single(Due(DeliveryStatus.Retrying, Now.AddHours(1))));
    }

    [StoreFact]
    public async Task Record_FailureWhileCancelledMeanwhile_StaysCancelledAndKeepsTheAttempt()
    {
        Guid id = await AddAsync();
        await Store.MoveAsync(_database.WebhookId, DeliveryMove.Cancel, "deleted", Now);
        Assert.Equal(1, (await FailAsync(id, 0, Now.AddMinutes(1))).Number);
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Cancelled, "deleted", null, 1), (delivery.Status, delivery.StatusReason, delivery.NextAttemptAt, delivery.AttemptCount));
        Assert.Single(await _database.AttemptsAsync(id));
    }

    [StoreFact]
    public async Task Record_FailureAfterAReplaySucceeded_StaysSucceeded()
    {
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, trigger: AttemptTrigger.Replay));
        Assert.Equal(2, (await FailAsync(id, 0, Now.AddMinutes(1))).Number);
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Succeeded, null, 2, 0), (delivery.Status, delivery.NextAttemptAt, delivery.AttemptCount, delivery.ScheduledAttempts));
    }

    [StoreFact]
    public async Task Record_SameStepTwice_MovesTheScheduleOnce()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 0, Now.AddHours(9));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal((1, 2, Now.AddMinutes(1)), (delivery.ScheduledAttempts, delivery.AttemptCount, delivery.NextAttemptAt));
    }

    [StoreFact]
    public async Task Record_SameAttemptAgain_AnswersAsTheFirstTime()
    {
        // The commit got through, its answer did not: the engine tries again with the very same attempt.
        Guid id = await AddAsync();
        AttemptResult result = Result(id, FailureClass.Http5xx, 500, next: Now.AddMinutes(1));
        await Store.RecordAsync(result);
        Assert.Equal(1, (await Store.RecordAsync(result with { Again = true })).Number);
        Assert.Single(await _database.AttemptsAsync(id));
        Assert.Equal(1, (await _database.DeliveryAsync(id)).AttemptCount);
        Assert.Equal(1, (await _database.HealthAsync())!.ConsecutiveServerErrors);
    }

    [StoreFact]
    public async Task Record_AgainThoughTheFirstWasLost_IsRecorded()
    {
        Guid id = await AddAsync();
        Assert.Equal(1, (await Store.RecordAsync(Result(id) with { Again = true })).Number);
        Assert.Equal(DeliveryStatus.Succeeded, (await _database.DeliveryAsync(id)).Status);
    }

    [StoreFact]
    public async Task Record_ReplayFailure_LeavesStatusAndPlan()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, FailureClass.Http4xx, 404, trigger: AttemptTrigger.Replay));
        Delivery delivery = await _database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Retrying, Now.AddMinutes(1), 1, 2, FailureClass.Http5xx),
            (delivery.Status, delivery.NextAttemptAt, delivery.ScheduledAttempts, delivery.AttemptCount, delivery.FailureClass)
        );
    }

    [StoreFact]
    public async Task Record_DeliveryThatIsGone_SaysSo() => Assert.Equal(0, (await Store.RecordAsync(Result(Guid.CreateVersion7()))).Number);

    [StoreFact]
    public async Task Record_FiveServerErrors_DisableOnceWithAudit()
    {
        List<Guid> ids = [];
        for (int i = 0; i < 7; i++)
        {
            ids.Add(await AddAsync());
        }

        List<RecordedAttempt> recorded = [];
        foreach (Guid id in ids)
        {
            recorded.Add(await FailAsync(id, 0, Now.AddMinutes(1)));
        }

        Assert.NotNull(recorded[4].AutoDisabled);
        Assert.All(recorded.Where((_, i) => i != 4), r => Assert.Null(r.AutoDisabled));
        Webhook webhook = await _database.QueryAsync(db => db.Webhooks.SingleAsync(w => w.Id == _database.WebhookId));
        Assert.Equal(WebhookState.Error, webhook.State);
        Assert.Equal(2, webhook.Version);
        AuditEntry entry = await _database.QueryAsync(db => db.AuditEntries.SingleAsync());
        Assert.Equal(
            (AuditActions.WebhookAutoDisabled, _database.WebhookId, webhook.Name, "system"),
            (entry.Action, entry.TargetId, entry.TargetName, entry.ActorKind)
        );
    }

    [StoreFact]
    public async Task Record_FiveServerErrorsInOneTransaction_DisableOnce()
    {
        List<Guid> ids = [];
        for (int i = 0; i < 30; i++)
        {
            ids.Add(await AddAsync());
        }

        RecordedAttempt[] recorded = await Task.WhenAll(ids.Select(id => FailAsync(id, 0, Now.AddMinutes(1))));
        Assert.Single(recorded, r => r.AutoDisabled is not null);
        Assert.Equal(30, (await _database.HealthAsync())!.ConsecutiveServerErrors);
        Assert.Equal(1, await _database.QueryAsync(db => db.AuditEntries.CountAsync()));
    }

    [StoreFact]
    public async Task Record_HealthCount_FollowsTheRules()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 1, Now.AddMinutes(1));
        await FailAsync(id, 2, Now.AddMinutes(1), status: null, FailureClass.Timeout);
        Assert.Equal(2, (await _database.HealthAsync())!.ConsecutiveServerErrors);
        await FailAsync(id, 3, Now.AddMinutes(1), 404, FailureClass.Http4xx);
        WebhookHealth health = (await _database.HealthAsync())!;
        Assert.Equal(
            (0, Now, 404, FailureClass.Http4xx),
            (health.ConsecutiveServerErrors, health.FailingSince, health.LastStatusCode, health.LastFailureClass)
        );
        await Store.RecordAsync(Result(id, expected: 4));
        Assert.Null((await _database.HealthAsync())!.FailingSince);
    }

    [StoreFact]
    public async Task Record_Hours_CountAttemptsByTheirHour()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 1, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, expected: 2));
        await Store.RecordAsync(Result(await AddAsync(), completedAt: Now.AddHours(1)));
        List<WebhookHour> hours = await _database.QueryAsync(db => db.WebhookHours.AsNoTracking().OrderBy(h => h.Hour).ToListAsync());
        Assert.Equal([(WebhookHour.HourOf(Now), 1, 2), (WebhookHour.HourOf(Now) + 1, 1, 0)], hours.Select(h => (h.Hour, h.Succeeded, h.Failed)));
    }

    [StoreFact]
    public async Task RecordTest_Test_IsCompleteAndCountsNowhere()
    {
        NewEvent made = Event();
        WebhookEvent testEvent = new()
        {
            Id = made.Event.Id,
            ProjectId = _database.ProjectId,
            Type = "a",
            Payload = "{}"u8.ToArray(),
            Test = true,
            CreatedAt = Now,
        };
        Delivery delivery = new()
        {
            Id = made.Deliveries[0].Id,
            ProjectId = _database.ProjectId,
            EventId = testEvent.Id,
            WebhookId = _database.WebhookId,
            EventType = "a",
            Status = DeliveryStatus.Failed,
            Test = true,
            CreatedAt = Now,
            CompletedAt = Now,
        };
        await Store.RecordTestAsync(testEvent, delivery, Result(delivery.Id, FailureClass.Http5xx, 500, trigger: AttemptTrigger.Test).Attempt, null);
        Delivery stored = await _database.DeliveryAsync(delivery.Id);
        Assert.Equal((true, DeliveryStatus.Failed, 1, FailureClass.Http5xx), (stored.Test, stored.Status, stored.AttemptCount, stored.FailureClass));
        Assert.Equal(AttemptTrigger.Test, Assert.Single(await _database.AttemptsAsync(delivery.Id)).Trigger);
        Assert.Null(await _database.HealthAsync());
        Assert.Equal(0, await _database.QueryAsync(db => db.WebhookHours.CountAsync()));
    }

    [StoreFact]
    public async Task Record_AnyResponseBytes_ComeBackAsTheyWere()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 0, 0, 0xC3, 0x28];
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.Http5xx, 500, next: Now, body: bytes));
        DeliveryAttempt attempt = Assert.Single(await _database.AttemptsAsync(id));
        Assert.Equal(bytes, attempt.ResponseBody);
        Assert.Equal([1, 0, 2], attempt.ResponseHeaders);
    }

    [StoreFact]
    public async Task Record_EmptyAndMissingResponse_AreNotTheSame()
    {
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.Http5xx, 500, next: Now, body: []));
        await Store.RecordAsync(Result(id, FailureClass.Timeout, null, 1, Now, body: null));
        List<DeliveryAttempt> attempts = await _database.AttemptsAsync(id);
        Assert.Empty(attempts[0].ResponseBody!);
        Assert.Null(attempts[1].ResponseBody);
        Assert.Null(attempts[1].StatusCode);
    }

    [StoreFact]
    public async Task Record_NulInText_IsStored()
    {
        // The sender takes care that there is none; the store must not lose an attempt if it forgets.
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, FailureClass.BadResponse, null, next: Now.AddMinutes(1), detail: "line \0 with NUL"));
        DeliveryAttempt attempt = Assert.Single(await _database.AttemptsAsync(id));
        Assert.StartsWith("line ", attempt.ErrorDetail, StringComparison.Ordinal);
        Assert.EndsWith(" with NUL", attempt.ErrorDetail, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Writer_PoisonInABatch_FailsAlone()
    {
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
        Assert.Equal(20, await _database.QueryAsync(db => db.Attempts.CountAsync()));
        Assert.Equal(20, await _database.QueryAsync(db => db.WebhookHours.SumAsync(h => h.Succeeded)));
        Assert.Equal(1, (await _database.DeliveryAsync(ids[0])).AttemptCount);
    }

    [StoreFact]
    public async Task Writer_EventWithATakenId_FailsAlone()
    {
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

    [StoreFact]
    public async Task ReadDue_ManyDue_AreOldestFirstAndPaged()
    {
        List<Guid> ids = [];
        foreach (int minutes in new[] { 30, 10, 20 })
        {
            ids.Add(await AddAsync(at: Now.AddMinutes(-minutes)));
        }

        Assert.Equal([ids[0], ids[2], ids[1]], Due(DeliveryStatus.Pending));
        Assert.Equal([ids[0], ids[2]], Due(DeliveryStatus.Pending, limit: 2));
        Assert.Empty(Due(DeliveryStatus.Retrying));
        Assert.Equal(Now.AddMinutes(-30), Store.NextDue(_database.WebhookId));
    }

    [StoreFact]
    public async Task ReadDue_KnownOnes_AreSkippedAndDoNotShortenThePage()
    {
        List<Guid> ids = [await AddAsync(at: Now.AddMinutes(-3)), await AddAsync(at: Now.AddMinutes(-2)), await AddAsync(at: Now.AddMinutes(-1))];
        (List<DueDelivery> due, bool more) = Store.ReadDue(
            _database.WebhookId,
            DeliveryStatus.Pending,
            Now,
            page: 2,
            known: 1,
            maxBytes: int.MaxValue,
            id => id == ids[0]
        );
        Assert.Equal(ids[1..], due.ConvertAll(d => d.Id));
        Assert.True(more);
    }

    [StoreFact]
    public async Task ReadDue_LargePayloads_EndThePageAndSayThatThereIsMore()
    {
        List<Guid> ids = [await AddAsync(at: Now.AddMinutes(-2)), await AddAsync(at: Now.AddMinutes(-1))];
        (List<DueDelivery> due, bool more) = Store.ReadDue(_database.WebhookId, DeliveryStatus.Pending, Now, page: 10, known: 0, maxBytes: 1, _ => false);
        Assert.Equal(ids[..1], due.ConvertAll(d => d.Id));
        Assert.True(more);
    }

    [StoreFact]
    public async Task ReadDue_LargeEventOfTwoWebhooks_IsInMemoryOnce()
    {
        Guid other = await _database.AddWebhookAsync();
        NewEvent large = Event(payload: new byte[PayloadCache.LargeBytes], webhooks: [_database.WebhookId, other]);
        await Store.AddEventsAsync([large]);
        byte[] first = Assert.Single(Read(DeliveryStatus.Pending, Now, 10)).Payload;
        byte[] second = Assert.Single(Store.ReadDue(other, DeliveryStatus.Pending, Now, 10, known: 0, maxBytes: int.MaxValue, _ => false).Due).Payload;
        Assert.Equal(large.Event.Payload, first);
        Assert.Same(first, second);
    }

    [StoreFact]
    public async Task ReadDue_OtherWebhooks_AreNotSeen()
    {
        Guid other = await _database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(webhooks: other)]);
        Assert.Empty(Due(DeliveryStatus.Pending));
        Assert.Null(Store.NextDue(_database.WebhookId));
        Assert.Equal(Now, Store.NextDue(other));
    }

    [StoreFact]
    public async Task NextDue_PendingAndRetrying_IsTheEarlier()
    {
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(5));
        Assert.Equal(Now.AddMinutes(5), Store.NextDue(_database.WebhookId));
        await AddAsync(at: Now.AddMinutes(-1));
        Assert.Equal(Now.AddMinutes(-1), Store.NextDue(_database.WebhookId));
    }

    [StoreFact]
    public async Task Move_HoldReleaseDiscard_GoThroughMoreThanAPage()
    {
        const int Many = 1203;
        await Store.AddEventsAsync(Enumerable.Range(0, Many).Select(_ => Event()).ToList());
        await _database.ChangeWebhookAsync(_database.WebhookId, enabled: false);
        Assert.Equal(Many, await Store.MoveAsync(_database.WebhookId, DeliveryMove.Hold, "off", Now));
        Assert.Null(Store.NextDue(_database.WebhookId));
        Assert.Equal(Many, await Store.MoveAsync(_database.WebhookId, DeliveryMove.Release, null, Now.AddHours(1)));
        Assert.Equal(Now.AddHours(1), Store.NextDue(_database.WebhookId));
        await Store.MoveAsync(_database.WebhookId, DeliveryMove.Hold, "off", Now);
        Assert.Equal(Many, await Store.MoveAsync(_database.WebhookId, DeliveryMove.Discard, "no longer wanted", Now));
        Assert.Equal(
            Many,
            await _database.QueryAsync(db =>
                db.Deliveries.CountAsync(d => d.Status == DeliveryStatus.Cancelled && d.StatusReason == "no longer wanted" && d.CompletedAt != null)
            )
        );
    }

    [StoreFact]
    public async Task Move_HoldOfAWebhookThatWasTurnedOnMeanwhile_HoldsNothing()
    {
        // A lane decided to hold, then waited for what was in flight; a person turned the webhook on again in that time.
        await AddAsync();
        Assert.Equal(0, await Store.MoveAsync(_database.WebhookId, DeliveryMove.Hold, "The webhook is disabled.", Now));
        Assert.Single(Due(DeliveryStatus.Pending));
    }

    [StoreFact]
    public async Task Move_Cancel_TakesPendingRetryingAndHeldOfOneWebhook()
    {
        Guid other = await _database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(webhooks: other)]);
        Guid pending = await AddAsync();
        Guid retrying = await AddAsync();
        await FailAsync(retrying, 0, Now.AddMinutes(1));
        Guid held = await AddAsync(heldReason: "off");
        Guid done = await AddAsync();
        await Store.RecordAsync(Result(done));
        Assert.Equal(3, await Store.MoveAsync(_database.WebhookId, DeliveryMove.Cancel, "The webhook was deleted.", Now));
        foreach (Guid id in new[] { pending, retrying, held })
        {
            Assert.Equal(DeliveryStatus.Cancelled, (await _database.DeliveryAsync(id)).Status);
        }

        Assert.Equal(DeliveryStatus.Succeeded, (await _database.DeliveryAsync(done)).Status);
        Assert.NotNull(Store.NextDue(other));
    }

    [StoreFact]
    public async Task Replan_ClockSetBackUnseen_MovesEveryRetryOnceAndMakesFirstAttemptsDue()
    {
        // More than a page, with equal times over its end.
        const int Many = 1_100;
        DateTimeOffset set = Now.AddHours(-3);
        Guid[] retrying = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => AddAsync()));
        await Task.WhenAll(retrying.Select((id, i) => FailAsync(id, 0, Now.AddMinutes(i < Many / 2 ? 60 : 61))));
        Guid pending = await AddAsync();
        Assert.Empty(Due(DeliveryStatus.Pending, set));

        await Store.ReplanAsync(_database.WebhookId, set, TimeSpan.Zero);
        Assert.Equal(pending, Assert.Single(Due(DeliveryStatus.Pending, set)));
        Assert.Equal(set.AddMinutes(60), (await _database.DeliveryAsync(retrying[0])).NextAttemptAt);
        Assert.Equal(set.AddMinutes(61), (await _database.DeliveryAsync(retrying[^1])).NextAttemptAt);
        Assert.Equal(
            Many,
            await _database.QueryAsync(db => db.Deliveries.CountAsync(d => d.NextAttemptAt >= set.AddMinutes(60) && d.NextAttemptAt <= set.AddMinutes(61)))
        );

        await Store.ReplanAsync(_database.WebhookId, set, TimeSpan.Zero);
        Assert.Equal(set.AddMinutes(60), (await _database.DeliveryAsync(retrying[0])).NextAttemptAt);
    }

    [StoreFact]
    public async Task WebhooksWithWork_Webhooks_AreThoseWithSomethingToDoNow()
    {
        Guid idle = await _database.AddWebhookAsync();
        Guid later = await _database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(at: Now.AddHours(1), webhooks: later)]);
        Guid off = await _database.AddWebhookAsync(enabled: false);
        await Store.AddEventsAsync([Event(at: Now.AddHours(1), webhooks: off)]);
        await AddAsync();
        List<Guid> work = Store.WebhooksWithWork(Now);
        Assert.Contains(_database.WebhookId, work);
        Assert.Contains(off, work);
        Assert.DoesNotContain(idle, work);
        Assert.DoesNotContain(later, work);
    }

    [StoreFact]
    public async Task WebhooksWithWork_DeletedWithHeldDeliveries_IsListedUntilTheyAreCancelled()
    {
        // Killed between the deletion and the lane that cancels: the sweep has to find it.
        await AddAsync(heldReason: "off");
        await _database.ChangeWebhookAsync(_database.WebhookId, enabled: false, deletedAt: Now);
        Assert.Contains(_database.WebhookId, Store.WebhooksWithWork(Now));
        await Store.MoveAsync(_database.WebhookId, DeliveryMove.Cancel, "The webhook was deleted.", Now);
        Assert.DoesNotContain(_database.WebhookId, Store.WebhooksWithWork(Now));
    }
}
