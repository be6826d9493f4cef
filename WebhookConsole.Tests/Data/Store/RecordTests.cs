using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Results of attempts and the transitions of their deliveries.</summary>
public sealed class RecordTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_Success_CompletesTheDelivery(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        Assert.Equal(new RecordedAttempt(1, null), await Store.RecordAsync(Result(id, completedAt: Now.AddSeconds(1))));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Succeeded, 1, 1, 200, 12),
            (delivery.Status, delivery.AttemptCount, delivery.ScheduledAttempts, delivery.LastStatusCode, delivery.LastDurationMs)
        );
        Assert.Equal(Now.AddSeconds(1), delivery.CompletedAt);
        Assert.Null(delivery.NextAttemptAt);
        Assert.Empty(Due(DeliveryStatus.Pending, Now.AddDays(1)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_Failures_GoThroughTheScheduleToFailed(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        Delivery retrying = await Database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Retrying, 1, FailureClass.Http5xx, Now.AddMinutes(1)),
            (retrying.Status, retrying.ScheduledAttempts, retrying.FailureClass, retrying.NextAttemptAt)
        );
        Assert.Empty(Due(DeliveryStatus.Retrying, Now.AddMinutes(1).AddMilliseconds(-1)));
        Assert.Equal(id, Assert.Single(Due(DeliveryStatus.Retrying, Now.AddMinutes(1))));

        Assert.Equal(2, (await FailAsync(id, 1, null)).Number);
        Delivery failed = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Failed, 2, Delivery.FailedError), (failed.Status, failed.AttemptCount, failed.Error));
        Assert.NotNull(failed.CompletedAt);
        Assert.Null(failed.NextAttemptAt);
        Assert.Equal([1, 2], (await Database.AttemptsAsync(id)).Select(a => a.Number));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_SuccessAfterFailures_ForgetsTheFailure(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, expected: 1));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Succeeded, null, 2), (delivery.Status, delivery.FailureClass, delivery.AttemptCount));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_FailureWhileHeldMeanwhile_StaysHeldOneFurther(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false);
        await Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, "off", Now);
        await FailAsync(id, 0, Now.AddMinutes(1));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Held, 1, null), (delivery.Status, delivery.ScheduledAttempts, delivery.NextAttemptAt));

        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: true);
        await Store.FinishAsync(await Database.AddPlanAsync(HeldAction.Send), Now.AddHours(1));
        Assert.Equal(id, Assert.Single(Due(DeliveryStatus.Retrying, Now.AddHours(1))));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_FailureWhileCancelledMeanwhile_StaysCancelledAndKeepsTheAttempt(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await Store.MoveAsync(Database.WebhookId, DeliveryMove.Cancel, "deleted", Now);
        Assert.Equal(1, (await FailAsync(id, 0, Now.AddMinutes(1))).Number);
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Cancelled, "deleted", null, 1), (delivery.Status, delivery.StatusReason, delivery.NextAttemptAt, delivery.AttemptCount));
        Assert.Single(await Database.AttemptsAsync(id));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_FailureAfterAReplaySucceeded_StaysSucceeded(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await Store.RecordAsync(Result(id, trigger: AttemptTrigger.Replay));
        Assert.Equal(2, (await FailAsync(id, 0, Now.AddMinutes(1))).Number);
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Succeeded, null, 2, 0), (delivery.Status, delivery.NextAttemptAt, delivery.AttemptCount, delivery.ScheduledAttempts));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_SameStepTwice_MovesTheScheduleOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 0, Now.AddHours(9));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((1, 2, Now.AddMinutes(1)), (delivery.ScheduledAttempts, delivery.AttemptCount, delivery.NextAttemptAt));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_SameAttemptAgain_AnswersAsTheFirstTime(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // The commit got through, its answer did not: the engine tries again with the very same attempt.
        Guid id = await AddAsync();
        AttemptResult result = Result(id, FailureClass.Http5xx, 500, next: Now.AddMinutes(1));
        await Store.RecordAsync(result);
        Assert.Equal(1, (await Store.RecordAsync(result with { Again = true })).Number);
        Assert.Single(await Database.AttemptsAsync(id));
        Assert.Equal(1, (await Database.DeliveryAsync(id)).AttemptCount);
        Assert.Equal(1, (await Database.HealthAsync())!.ConsecutiveServerErrors);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_AgainThoughTheFirstWasLost_IsRecorded(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        Assert.Equal(1, (await Store.RecordAsync(Result(id) with { Again = true })).Number);
        Assert.Equal(DeliveryStatus.Succeeded, (await Database.DeliveryAsync(id)).Status);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_ReplayFailure_LeavesStatusAndPlan(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await Store.RecordAsync(Result(id, FailureClass.Http4xx, 404, trigger: AttemptTrigger.Replay));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal(
            (DeliveryStatus.Retrying, Now.AddMinutes(1), 1, 2, FailureClass.Http5xx),
            (delivery.Status, delivery.NextAttemptAt, delivery.ScheduledAttempts, delivery.AttemptCount, delivery.FailureClass)
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_DeliveryThatIsGone_SaysSo(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Assert.Equal(0, (await Store.RecordAsync(Result(Guid.CreateVersion7()))).Number);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_BadResponses_CountByTheirStatus(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // The rest of the answer was no valid HTTP; its status could be read.
        for (int i = 1; i <= 5; i++)
        {
            RecordedAttempt recorded = await FailAsync(await AddAsync(), 0, Now.AddMinutes(1), 503, FailureClass.BadResponse);
            Assert.Equal(i == 5, recorded.AutoDisabled is not null);
        }

        await Database.QueryAsync(db => db.Webhooks.ExecuteUpdateAsync(w => w.SetProperty(x => x.Enabled, true)));
        Assert.Contains("410", (await FailAsync(await AddAsync(), 0, Now.AddMinutes(1), 410, FailureClass.BadResponse)).AutoDisabled, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task RecordTest_Test_IsCompleteAndCountsNowhere(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent made = Event();
        WebhookEvent testEvent = new()
        {
            Id = made.Event.Id,
            ProjectId = Database.ProjectId,
            Type = "a",
            Payload = "{}"u8.ToArray(),
            Test = true,
            CreatedAt = Now,
        };
        AttemptResult result = Result(made.Deliveries[0].Id, FailureClass.Http5xx, 500, trigger: AttemptTrigger.Test);
        Delivery delivery = new()
        {
            Id = made.Deliveries[0].Id,
            ProjectId = Database.ProjectId,
            EventId = testEvent.Id,
            WebhookId = Database.WebhookId,
            EventType = "a",
            Status = DeliveryStatus.Failed,
            Test = true,
            CreatedAt = Now,
            CompletedAt = Now,
            AttemptCount = 1,
            FailureClass = FailureClass.Http5xx,
            LastStatusCode = 500,
        };
        result = result with { Test = new TestDelivery(testEvent, delivery) };
        await Store.RecordAsync(result);

        // An answer that was lost on the way: what is there already is not written again.
        await Store.RecordAsync(result with { Again = true });
        Delivery stored = await Database.DeliveryAsync(delivery.Id);
        Assert.Equal((true, DeliveryStatus.Failed, 1, FailureClass.Http5xx), (stored.Test, stored.Status, stored.AttemptCount, stored.FailureClass));
        DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(delivery.Id));
        Assert.Equal((AttemptTrigger.Test, FailureKind.Http500), (attempt.Trigger, attempt.FailureKind));
        Assert.Null(await Database.HealthAsync());
        Assert.Equal(0, await Database.QueryAsync(db => db.WebhookQuarters.CountAsync()));
    }
}
