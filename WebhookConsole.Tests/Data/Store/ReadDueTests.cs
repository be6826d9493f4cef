using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What lanes read.</summary>
public sealed class ReadDueTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadDue_ManyDue_AreOldestFirstAndPaged(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [];
        foreach (int minutes in new[] { 30, 10, 20 })
        {
            ids.Add(await AddAsync(at: Now.AddMinutes(-minutes)));
        }

        Assert.Equal([ids[0], ids[2], ids[1]], Due(DeliveryStatus.Pending));
        Assert.Equal([ids[0], ids[2]], Due(DeliveryStatus.Pending, limit: 2));
        Assert.Empty(Due(DeliveryStatus.Retrying));
        Assert.Equal(Now.AddMinutes(-30), Store.NextDue(Database.WebhookId));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadDue_KnownOnes_AreSkippedAndDoNotShortenThePage(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [await AddAsync(at: Now.AddMinutes(-3)), await AddAsync(at: Now.AddMinutes(-2)), await AddAsync(at: Now.AddMinutes(-1))];
        (List<DueDelivery> due, bool more) = Store.ReadDue(
            Database.WebhookId,
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

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadDue_LargePayloads_EndThePageAndSayThatThereIsMore(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [await AddAsync(at: Now.AddMinutes(-2)), await AddAsync(at: Now.AddMinutes(-1))];
        (List<DueDelivery> due, bool more) = Store.ReadDue(Database.WebhookId, DeliveryStatus.Pending, Now, page: 10, known: 0, maxBytes: 1, _ => false);
        Assert.Equal(ids[..1], due.ConvertAll(d => d.Id));
        Assert.True(more);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadDue_LargeEventOfTwoWebhooks_IsInMemoryOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid other = await Database.AddWebhookAsync();
        NewEvent large = Event(payload: new byte[PayloadCache.LargeBytes], webhooks: [Database.WebhookId, other]);
        await Store.AddEventsAsync([large]);
        byte[] first = Assert.Single(Read(DeliveryStatus.Pending, Now, 10)).Payload;
        byte[] second = Assert.Single(Store.ReadDue(other, DeliveryStatus.Pending, Now, 10, known: 0, maxBytes: int.MaxValue, _ => false).Due).Payload;
        Assert.Equal(large.Event.Payload, first);
        Assert.Same(first, second);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task ReadDue_OtherWebhooks_AreNotSeen(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid other = await Database.AddWebhookAsync();
        await Store.AddEventsAsync([Event(webhooks: other)]);
        Assert.Empty(Due(DeliveryStatus.Pending));
        Assert.Null(Store.NextDue(Database.WebhookId));
        Assert.Equal(Now, Store.NextDue(other));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task NextDue_PendingAndRetrying_IsTheEarlier(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(5));
        Assert.Equal(Now.AddMinutes(5), Store.NextDue(Database.WebhookId));
        await AddAsync(at: Now.AddMinutes(-1));
        Assert.Equal(Now.AddMinutes(-1), Store.NextDue(Database.WebhookId));
    }
}
