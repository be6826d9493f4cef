using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Two nodes write the same rows of one PostgreSQL database: nothing is lost, and neither sees an error.</summary>
public sealed class TwoWritersTests : StoreTests
{
    private const int Rounds = 300;

    [Theory]
    [OnPostgres]
    public async Task Record_SameWebhooksOnTwoNodes_CountsEveryAttempt(DatabaseKind kind)
    {
        await OpenAsync(kind);
        using DeliveryStore other = new(Database.Dialect, Database.Metrics);
        Guid[] webhooks = [Database.WebhookId, await Database.AddWebhookAsync(), await Database.AddWebhookAsync()];
        NewEvent[] events = [.. Enumerable.Range(0, Rounds).Select(_ => Event(webhooks: webhooks))];
        await Store.AddEventsAsync(events);

        // Each node gets the webhooks in another order, and every webhook on both.
        await Task.WhenAll(Fail(Store, events[..(Rounds / 2)], d => d), Fail(other, events[(Rounds / 2)..], d => d.Reverse()));

        List<WebhookHealth> health = await Database.QueryAsync(db => db.WebhookHealth.AsNoTracking().ToListAsync());
        Assert.Equal([Rounds, Rounds, Rounds], health.Select(h => h.ConsecutiveServerErrors));
        List<WebhookQuarter> quarters = await Database.QueryAsync(db => db.WebhookQuarters.AsNoTracking().ToListAsync());
        Assert.Equal([Rounds, Rounds, Rounds], quarters.Select(q => q.Failed));
        Assert.Equal(webhooks.Length, await Database.QueryAsync(db => db.AuditEntries.CountAsync()));

        Task Fail(DeliveryStore store, NewEvent[] part, Func<IEnumerable<NewDelivery>, IEnumerable<NewDelivery>> order) =>
            Task.WhenAll(
                part.SelectMany(e => order(e.Deliveries))
                    .Select(d => store.RecordAsync(Result(d.Id, FailureClass.Http5xx, 500, next: Now.AddMinutes(1)) with { WebhookId = d.WebhookId }))
            );
    }

    [Theory]
    [OnPostgres]
    public async Task AddEvents_SameIdsAndTypesInOppositeOrder_StoresEachOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        using DeliveryStore other = new(Database.Dialect, Database.Metrics);
        for (int round = 0; round < 20; round++)
        {
            string[] ids = [.. Enumerable.Range(0, 50).Select(i => $"client-{round}-{i}")];
            StoredEvent[][] stored = await Task.WhenAll(
                Store.AddEventsAsync([.. ids.Select((id, i) => Event(id, type: $"type.{i}"))]),
                other.AddEventsAsync([.. ids.Select((id, i) => Event(id, type: $"type.{i}")).Reverse()])
            );
            Assert.Equal(ids.Length, stored.SelectMany(s => s).Count(s => s.Duplicate));
            Assert.Equal(stored[0].Select(s => s.EventId), stored[1].Reverse().Select(s => s.EventId));
        }
    }

    [Theory]
    [OnPostgres]
    public async Task Writer_BothWaitForEachOther_TriesAgainAndReportsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Store.AddEventsAsync([Event(type: "a"), Event(type: "b")]);
        await using DbConnection stranger = Database.Dialect.Open();
        await ExecuteAsync(stranger, "SET deadlock_timeout = '1min'");
        await ExecuteAsync(stranger, "BEGIN");
        await ExecuteAsync(stranger, "UPDATE event_type_activity SET name = name WHERE name = 'b'");

        // The writer takes 'a' and waits for 'b'.
        Task<StoredEvent[]> waiting = Store.AddEventsAsync([Event(type: "a"), Event(type: "b")]);
        await Eventually.TrueAsync(IsBlockedAsync);
        await ExecuteAsync(stranger, "UPDATE event_type_activity SET name = name WHERE name = 'a'");
        Assert.False(waiting.IsCompleted);
        await ExecuteAsync(stranger, "COMMIT");
        Assert.Equal(2, (await waiting).Length);

        Task<bool> IsBlockedAsync() =>
            Database.QueryAsync(async db =>
                await db
                    .Database.SqlQueryRaw<int>(
                        """SELECT COUNT(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""
                    )
                    .SingleAsync() > 0
            );
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
