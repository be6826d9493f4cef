using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>The last real event of each type is remembered with the events.</summary>
public sealed class LastEventTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_SeveralTypes_RemembersTheLastOfEach(DatabaseKind kind)
    {
        await OpenAsync(kind);
        (NewEvent first, NewEvent second, NewEvent other) = (Event(type: "a.b"), Event(type: "a.b", at: Now.AddSeconds(5)), Event(type: "c"));
        await Store.AddEventsAsync([first]);
        await Store.AddEventsAsync([second, other]);

        List<EventTypeActivity> rows = await Database.QueryAsync(db => db.EventTypeActivity.OrderBy(a => a.Name).ToListAsync());
        Assert.Equal([("a.b", second.Event.Id, Now.AddSeconds(5)), ("c", other.Event.Id, Now)], rows.Select(r => (r.Name, r.LastEventId, r.LastEventAt)));
        Assert.All(rows, r => Assert.Equal(Database.ProjectId, r.ProjectId));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_Duplicate_IsNotTheLast(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent first = Event("client-1");
        await Store.AddEventsAsync([first, Event("client-1", at: Now.AddSeconds(5))]);

        EventTypeActivity row = Assert.Single(await Database.QueryAsync(db => db.EventTypeActivity.ToListAsync()));
        Assert.Equal(first.Event.Id, row.LastEventId);
    }
}
