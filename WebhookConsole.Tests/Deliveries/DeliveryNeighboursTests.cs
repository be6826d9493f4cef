using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

public class DeliveryNeighboursTests
{
    private const int Page = 20;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Around_OldDelivery_IsThePageWithTenNewerAboveIt(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        (Guid project, Guid[] all) = await FillAsync(app, 60);
        DeliveryNeighbours neighbours = app.Get<DeliveryNeighbours>();
        DeliveryFilter filter = new() { EventType = "order.created" };
        Task<string?> CursorAsync(Guid id) => neighbours.CursorAroundAsync(Actor.System, project, filter, id, Page, CancellationToken.None);

        string? cursor = await CursorAsync(all[40]);
        DeliveryPage page = await app.Get<DeliveryQueries>().ListAsync(Actor.System, project, filter, cursor, Page, CancellationToken.None);

        Assert.Equal(all[30..50], page.Items.Select(r => r.Delivery.Id));
        Assert.Null(await CursorAsync(all[0]));
        Assert.Null(await CursorAsync(all[Page - 1]));
        Assert.NotNull(await CursorAsync(all[Page]));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Find_AnyPlace_IsTheNextOfTheSameList(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        (Guid project, Guid[] all) = await FillAsync(app, 4);
        DeliveryNeighbours neighbours = app.Get<DeliveryNeighbours>();
        Task<(Guid? Newer, Guid? Older)> FindAsync(DeliveryFilter filter, Guid id) =>
            neighbours.FindAsync(Actor.System, project, filter, id, CancellationToken.None);

        Assert.Equal((null, all[1]), await FindAsync(new DeliveryFilter(), all[0]));
        Assert.Equal((all[1], all[3]), await FindAsync(new DeliveryFilter(), all[2]));
        Assert.Equal((all[2], null), await FindAsync(new DeliveryFilter(), all[3]));
        Assert.Equal((null, null), await FindAsync(new DeliveryFilter { EventType = "nothing.like.it" }, all[1]));
        Assert.Equal((null, null), await FindAsync(new DeliveryFilter { Search = "no such id" }, all[1]));
    }

    /// <returns>The deliveries, newest first.</returns>
    private static async Task<(Guid Project, Guid[] Deliveries)> FillAsync(TestApp app, int count)
    {
        Guid project = await app.ProjectIdAsync();
        await app.CreateWebhookAsync("http://127.0.0.1:9/", more: new { enabled = false });
        await app.Get<EventIntake>()
            .PostAsync(Actor.System, project, [.. Enumerable.Range(0, count).Select(_ => new PostedEvent("order.created", "{}"u8.ToArray(), null))]);
        DeliveryPage page = await app.Get<DeliveryQueries>()
            .ListAsync(Actor.System, project, new DeliveryFilter(), null, DeliveryQueries.MaxPage, CancellationToken.None);
        Assert.Equal(count, page.Items.Count);
        return (project, [.. page.Items.Select(r => r.Delivery.Id)]);
    }
}
