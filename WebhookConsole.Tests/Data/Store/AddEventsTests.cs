using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Accepting events.</summary>
public sealed class AddEventsTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_NewEvent_IsDueAtOnceWithItsPayload(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent added = Event();
        StoredEvent stored = Assert.Single(await Store.AddEventsAsync([added]));
        Assert.Equal(new StoredEvent(added.Event.Id, 1, false), stored);
        DueDelivery due = Assert.Single(Read(DeliveryStatus.Pending, Now, 10));
        Assert.Equal((added.Deliveries[0].Id, added.Event.Id, "order.created", 0), (due.Id, due.EventId, due.EventType, due.ScheduledAttempts));
        Assert.Equal(added.Event.Payload, due.Payload);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_SameClientId_AnswersTheFirstAndAddsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        StoredEvent first = (await Store.AddEventsAsync([Event("client-1")]))[0];
        StoredEvent[] again = await Store.AddEventsAsync([Event("client-1"), Event("client-2"), Event("client-2")]);
        Assert.Equal(new StoredEvent(first.EventId, 0, true), again[0]);
        Assert.False(again[1].Duplicate);
        Assert.Equal(new StoredEvent(again[1].EventId, 0, true), again[2]);
        Assert.Equal(2, Due(DeliveryStatus.Pending).Count);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_SameClientIdInAnotherProject_IsAnotherEvent(DatabaseKind kind)
    {
        await OpenAsync(kind);
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

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_ManyAtOnceWithOneClientId_StoresOne(DatabaseKind kind)
    {
        await OpenAsync(kind);
        StoredEvent[][] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Store.AddEventsAsync([Event("same")])));
        Assert.Single(answers, a => !a[0].Duplicate);
        Assert.Single(answers.Select(a => a[0].EventId).Distinct());
        Assert.Single(Due(DeliveryStatus.Pending));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_OneOfManyHasATakenId_StoresNoneOfThemAndThenTheNext(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent taken = Event();
        await Store.AddEventsAsync([taken]);
        List<NewEvent> many = Enumerable.Range(0, 40).Select(_ => Event()).ToList();
        many[20] = taken;
        await Assert.ThrowsAnyAsync<DbException>(() => Store.AddEventsAsync(many));
        Assert.Equal([taken.Deliveries[0].Id], Due(DeliveryStatus.Pending));
        await AddAsync();
        Assert.Equal(2, Due(DeliveryStatus.Pending).Count);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_NewType_IsSeenOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent first = Event(type: "never.seen") with { NewType = true };
        NewEvent second = Event(type: "never.seen") with { NewType = true };
        await Store.AddEventsAsync([first, second]);
        EventType type = await Database.QueryAsync(db => db.EventTypes.SingleAsync(t => t.Name == "never.seen"));
        Assert.True(type.Seen);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_Held_IsNotDue(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Database.ChangeWebhookAsync(Database.WebhookId, enabled: false);
        Guid id = await AddAsync(heldReason: "The webhook is disabled.");
        Assert.Empty(Due(DeliveryStatus.Pending));
        Assert.Null(Store.NextDue(Database.WebhookId));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Held, "The webhook is disabled.", null), (delivery.Status, delivery.StatusReason, delivery.NextAttemptAt));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_HeldByAStaleCache_IsDue(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // Whoever planned it saw the webhook disabled; it was turned on before the write.
        Guid id = await AddAsync(heldReason: "The webhook is disabled.");
        Assert.Equal([id], Due(DeliveryStatus.Pending));
        Delivery delivery = await Database.DeliveryAsync(id);
        Assert.Equal((DeliveryStatus.Pending, null), (delivery.Status, delivery.StatusReason));
    }
}
