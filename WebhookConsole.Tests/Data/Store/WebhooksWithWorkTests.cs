using WebhookConsole.Data.Store;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Which lanes the sweep wakes.</summary>
public sealed class WebhooksWithWorkTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task WebhooksWithWork_Webhooks_AreThoseWithSomethingToDoNow(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid idle = await Database.AddWebhookAsync();
        Guid later = await Database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(at: Now.AddHours(1), webhooks: later)]);
        Guid off = await Database.AddWebhookAsync(enabled: false);
        await Store.AddEventsAsync([Event(at: Now.AddHours(1), webhooks: off)]);
        await AddAsync();
        List<Guid> work = Store.WebhooksWithWork(Now);
        Assert.Contains(Database.WebhookId, work);
        Assert.Contains(off, work);
        Assert.DoesNotContain(idle, work);
        Assert.DoesNotContain(later, work);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task WebhooksWithWork_DeletedWithHeldDeliveries_IsListedUntilTheyAreCancelled(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // Killed between the deletion and the lane that cancels: the sweep has to find it.
        await AddAsync(heldReason: "off");
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false, deletedAt: Now);
        Assert.Contains(Database.WebhookId, Store.WebhooksWithWork(Now));
        await Store.MoveAsync(Database.WebhookId, DeliveryMove.Cancel, "The webhook was deleted.", Now);
        Assert.DoesNotContain(Database.WebhookId, Store.WebhooksWithWork(Now));
    }
}
