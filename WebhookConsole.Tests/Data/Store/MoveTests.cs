using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Holding, releasing, discarding and cancelling.</summary>
public sealed class MoveTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Move_HoldReleaseDiscard_GoThroughMoreThanAPage(DatabaseKind kind)
    {
        await OpenAsync(kind);
        const int Many = 1203;
        await Store.AddEventsAsync(Enumerable.Range(0, Many).Select(_ => Event()).ToList());
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false);
        Assert.Equal(Many, await Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, "off", Now));
        Assert.Null(Store.NextDue(Database.WebhookId));
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: true);
        HeldPlan send = await Database.AddPlanAsync(HeldAction.Send);
        Assert.Equal(Many, await Store.FinishAsync(send, Now.AddHours(1)));
        Assert.Equal(0, await Store.FinishAsync(send, Now.AddHours(1)));
        Assert.Equal(Now.AddHours(1), Store.NextDue(Database.WebhookId));
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false);
        await Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, "off", Now);
        Assert.Equal(Many, await Store.FinishAsync(await Database.AddPlanAsync(HeldAction.Discard, "no longer wanted"), Now));
        Assert.Equal(0, await Database.QueryAsync(db => db.HeldPlans.CountAsync()));
        Assert.Equal(
            Many,
            await Database.QueryAsync(db =>
                db.Deliveries.CountAsync(d => d.Status == DeliveryStatus.Cancelled && d.StatusReason == "no longer wanted" && d.CompletedAt != null)
            )
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Move_HoldOfAWebhookThatWasTurnedOnMeanwhile_HoldsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // A lane decided to hold, then waited for what was in flight; a person turned the webhook on again in that time.
        await AddAsync();
        Assert.Equal(0, await Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, "The webhook is disabled.", Now));
        Assert.Single(Due(DeliveryStatus.Pending));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Move_Cancel_TakesPendingRetryingAndHeldOfOneWebhook(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid other = await Database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(webhooks: other)]);
        Guid pending = await AddAsync();
        Guid retrying = await AddAsync();
        await FailAsync(retrying, 0, Now.AddMinutes(1));
        Guid held = await AddAsync(heldReason: "off");
        Guid done = await AddAsync();
        await Store.RecordAsync(Result(done));
        Assert.Equal(3, await Store.MoveAsync(Database.WebhookId, DeliveryMove.Cancel, "The webhook was deleted.", Now));
        foreach (Guid id in new[] { pending, retrying, held })
        {
            Assert.Equal(DeliveryStatus.Cancelled, (await Database.DeliveryAsync(id)).Status);
        }

        Assert.Equal(DeliveryStatus.Succeeded, (await Database.DeliveryAsync(done)).Status);
        Assert.NotNull(Store.NextDue(other));
    }
}
