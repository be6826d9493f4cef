using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What recoveries ask of the store: finding, planning, recording and giving back.</summary>
public sealed class RecoveryStoreTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task PlanRecovery_PageOfFailedOnes_MakesThoseDueThatAreStillFailed(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] ids = await FailedAsync(5);
        (Recovery recovery, RecoveryPart part) = await StartAsync(DeliveryStatus.Failed);
        RecoverablePage page = Store.ReadRecoverable(recovery, part, limit: 4);
        Assert.Equal(ids[..4], page.Ids);
        Assert.False(page.AtEnd);

        // Somebody replays one of them before the page is planned.
        await Store.RecordAsync(Result(ids[1], trigger: AttemptTrigger.Replay));
        Assert.Equal(3, await Store.PlanRecoveryAsync(page, Now));
        Assert.Equal([ids[0], ids[2], ids[3]], Due(DeliveryStatus.Retrying).Order());
        Assert.Equal([recovery.Id], Store.RecoveriesOnTheirWay());
        Assert.Equal(3, Store.CountOnTheirWay(recovery.Id)[Database.WebhookId]);
        RecoveryPart moved = await PartAsync();
        Assert.Equal((page.Position, true, false), (moved.Position, moved.Found, moved.Done));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task PlanRecovery_Paused_PlansNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await FailedAsync(2);
        (Recovery recovery, RecoveryPart part) = await StartAsync(DeliveryStatus.Failed);
        RecoverablePage page = Store.ReadRecoverable(recovery, part, limit: 4);
        await Database.QueryAsync(db =>
        {
            recovery.Status = RecoveryStatus.Paused;
            db.Recoveries.Update(recovery);
            return db.SaveChangesAsync();
        });
        Assert.Equal(0, await Store.PlanRecoveryAsync(page, Now));
        Assert.Empty(Due(DeliveryStatus.Retrying));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task GiveBack_PlannedOnes_AreWhatTheyWere(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] failed = await FailedAsync(2);
        Guid held = await AddAsync("off");
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false);
        Guid reallyHeld = await AddAsync("off");
        (Recovery recovery, RecoveryPart part) = await StartAsync(DeliveryStatus.Failed);
        await Store.PlanRecoveryAsync(Store.ReadRecoverable(recovery, part, limit: 10), Now);
        (Recovery ofHeld, RecoveryPart heldPart) = await StartAsync(DeliveryStatus.Held);
        Assert.Equal(1, await Store.PlanRecoveryAsync(Store.ReadRecoverable(ofHeld, heldPart, limit: 10), Now));

        await Store.GiveBackAsync(recovery.Id);
        await Store.GiveBackAsync(ofHeld.Id);
        Assert.Equal(DeliveryStatus.Failed, (await Database.DeliveryAsync(failed[0])).Status);
        Assert.Equal(DeliveryStatus.Held, (await Database.DeliveryAsync(reallyHeld)).Status);
        Assert.Equal([held], Due(DeliveryStatus.Pending));
        Assert.Empty(Store.RecoveriesOnTheirWay());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_OfARecovery_CountsEachDeliveryOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] ids = await FailedAsync(3);
        (Recovery recovery, RecoveryPart part) = await StartAsync(DeliveryStatus.Failed);
        await Store.PlanRecoveryAsync(Store.ReadRecoverable(recovery, part, limit: 10), Now);
        DueRecovery due = new(recovery.Id, WasFailed: true);
        await Task.WhenAll(
            Store.RecordAsync(Result(ids[0]) with { Recovery = due }),
            Store.RecordAsync(Result(ids[1], FailureClass.Http5xx, 500) with { Recovery = due }),
            Store.RecordAsync(Result(ids[1], FailureClass.Http5xx, 500) with { Recovery = due }),
            Store.RecordAsync(Result(ids[2]) with { Recovery = due })
        );

        Recovery counted = await Database.QueryAsync(async db => (await db.Recoveries.FindAsync(recovery.Id))!);
        Assert.Equal((3, 2, 1), (counted.Attempted, counted.Succeeded, counted.Failed));
        Assert.Equal(DeliveryStatus.Failed, (await Database.DeliveryAsync(ids[1])).Status);
        Assert.Empty(Store.RecoveriesOnTheirWay());
    }

    private async Task<Guid[]> FailedAsync(int count)
    {
        Guid[] ids = new Guid[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = await AddAsync(at: Now.AddMilliseconds(i));
            await FailAsync(ids[i], 0, null, 400, FailureClass.Http4xx);
        }

        return ids;
    }

    private async Task<(Recovery Recovery, RecoveryPart Part)> StartAsync(DeliveryStatus status)
    {
        Recovery recovery = new()
        {
            Id = Ids.New(Now),
            ProjectId = Database.ProjectId,
            Until = Now.AddHours(1),
            TakesFailed = status == DeliveryStatus.Failed,
            TakesHeld = status == DeliveryStatus.Held,
            StartedBy = "Ada",
            CreatedAt = Now,
        };
        RecoveryPart part = new()
        {
            RecoveryId = recovery.Id,
            WebhookId = Database.WebhookId,
            Status = status,
        };
        await Database.QueryAsync(db =>
        {
            db.Recoveries.Add(recovery);
            db.RecoveryParts.Add(part);
            return db.SaveChangesAsync();
        });
        return (recovery, part);
    }

    private Task<RecoveryPart> PartAsync() => Database.QueryAsync(db => db.RecoveryParts.SingleAsync());
}
