using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Webhooks;

/// <summary>The catalogue, and the last real event of a type.</summary>
public sealed class EventTypeServiceTests : IAsyncLifetime
{
    private TestDatabase? _database;
    private TestApp _app = null!;
    private Guid _project;

    private EventTypeService Types => _app.Get<EventTypeService>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task LastEvent_RealEventsAndATest_IsTheLastRealOne(DatabaseKind kind)
    {
        await StartAsync(kind);
        Assert.Null(await LastAsync("order.created"));
        await _app.PostEventAsync("order.created", new { n = 1 });
        Guid second = await _app.PostEventAsync("order.created", new { n = 2 });
        await _app.PostEventAsync("order.paid", new { n = 3 });
        Guid webhook = (await _app.CreateWebhookAsync("http://127.0.0.1:9/", "none")).Id();
        (await _app.PostAsync($"webhooks/{webhook}/test", new { eventType = "order.created" })).Expect(System.Net.HttpStatusCode.OK);

        LastEvent? last = await LastAsync("order.created");
        Assert.Equal(second, last!.EventId);
        Assert.Equal("""{"n":2}""", Encoding.UTF8.GetString(last.Payload));
        IReadOnlyDictionary<string, DateTimeOffset> seen = await Types.LastSeenAsync(Actor.System, _project, CancellationToken.None);
        Assert.Equal(["order.created", "order.paid"], seen.Keys.Order(StringComparer.Ordinal));

        // What retention removes is no longer there to send.
        await _app.QueryAsync(db => db.Events.Where(e => e.Id == second).ExecuteDeleteAsync());
        Assert.Null(await LastAsync("order.created"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Update_StaleVersion_IsRefusedWithTheNewerType(DatabaseKind kind)
    {
        await StartAsync(kind);
        EventType made = await Types.CreateAsync(Actor.System, _project, new EventTypeDraft { Name = "a.b", Example = "{ \"n\": 1 }" });
        EventType edited = await Types.UpdateAsync(Actor.System, _project, "a.b", d => d with { Deprecated = true }, made.Version);
        Assert.Equal((true, "{ \"n\": 1 }", made.Version + 1), (edited.Deprecated, edited.ExamplePayload, edited.Version));

        RuleException stale = await Assert.ThrowsAsync<RuleException>(() =>
            Types.UpdateAsync(Actor.System, _project, "a.b", d => d with { Description = "mine" }, made.Version)
        );
        Assert.Equal("stale_edit", stale.Code);
        Assert.True(Assert.IsType<EventType>(stale.Current).Deprecated);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Delete_Type_IsGoneAndComesBackAsSeen(DatabaseKind kind)
    {
        await StartAsync(kind);
        await Types.CreateAsync(Actor.System, _project, new EventTypeDraft { Name = "a.b", Description = "Something" });
        await _app.PostEventAsync("a.b");
        await Types.DeleteAsync(Actor.System, _project, "a.b");
        Assert.DoesNotContain(await Types.ListAsync(Actor.System, _project, CancellationToken.None), t => t.Name == "a.b");
        Assert.Null(await LastAsync("a.b"));

        await _app.PostEventAsync("a.b");
        EventType back = await Types.GetAsync(Actor.System, _project, "a.b", CancellationToken.None);
        Assert.Equal((true, "", false), (back.Seen, back.Description, back.Deprecated));
        Assert.NotNull(await LastAsync("a.b"));
    }

    [Fact]
    public async Task Create_SeenType_IsDeclaredOnceAndThenAConflict()
    {
        await StartAsync(DatabaseKind.Sqlite);
        await _app.PostEventAsync("a.b");
        Assert.False((await Types.CreateAsync(Actor.System, _project, new EventTypeDraft { Name = " a.b " })).Seen);
        RuleException conflict = await Assert.ThrowsAsync<RuleException>(() => Types.CreateAsync(Actor.System, _project, new EventTypeDraft { Name = "a.b" }));
        Assert.Equal("event_type_exists", conflict.Code);
    }

    [Fact]
    public async Task LastEvent_SomebodyWhoMayNotSeePayloads_IsForbidden()
    {
        await StartAsync(DatabaseKind.Sqlite);
        Actor token = new()
        {
            Kind = ActorKind.Token,
            Name = "writes webhooks",
            Scopes = TokenScopes.WebhooksWrite,
            Projects = new HashSet<Guid> { _project },
        };
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => Types.LastEventAsync(token, _project, "a.b", CancellationToken.None));
        Assert.Equal(RefusalKind.Forbidden, refused.Kind);
    }

    private Task<LastEvent?> LastAsync(string type) => Types.LastEventAsync(Actor.System, _project, type, CancellationToken.None);

    private async Task StartAsync(DatabaseKind kind)
    {
        _database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        _app = await TestApp.StartAsync(new TestAppSetup { Database = _database, Quartz = false });
        _project = await _app.ProjectIdAsync();
    }
}
