using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What results count for: auto-disable and health.</summary>
public sealed class RecordHealthTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_FiveServerErrors_DisableOnceWithAudit(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [];
        for (int i = 0; i < 7; i++)
        {
            ids.Add(await AddAsync());
        }

        List<RecordedAttempt> recorded = [];
        foreach (Guid id in ids)
        {
            recorded.Add(await FailAsync(id, 0, Now.AddMinutes(1)));
        }

        Assert.NotNull(recorded[4].AutoDisabled);
        Assert.All(recorded.Where((_, i) => i != 4), r => Assert.Null(r.AutoDisabled));
        Webhook webhook = await Database.QueryAsync(db => db.Webhooks.SingleAsync(w => w.Id == Database.WebhookId));
        Assert.Equal(WebhookState.Error, webhook.State);
        Assert.Equal(2, webhook.Version);
        AuditEntry entry = await Database.QueryAsync(db => db.AuditEntries.SingleAsync());
        Assert.Equal(
            (AuditActions.WebhookAutoDisabled, Database.WebhookId, webhook.Name, "system"),
            (entry.Action, entry.TargetId, entry.TargetName, entry.ActorKind)
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_SuccessAfterEveryFourthError_NeverDisables(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent[] events = [.. Enumerable.Range(0, 200).Select(_ => Event())];
        await Store.AddEventsAsync(events);

        // Changes of one kind are made together, but what they count for keeps its order.
        RecordedAttempt[] recorded = await Task.WhenAll(
            events.Select((e, i) => i % 5 == 4 ? Store.RecordAsync(Result(e.Deliveries[0].Id)) : FailAsync(e.Deliveries[0].Id, 0, Now.AddMinutes(1)))
        );
        Assert.All(recorded, r => Assert.Null(r.AutoDisabled));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_FiveServerErrorsInOneTransaction_DisableOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        List<Guid> ids = [];
        for (int i = 0; i < 30; i++)
        {
            ids.Add(await AddAsync());
        }

        RecordedAttempt[] recorded = await Task.WhenAll(ids.Select(id => FailAsync(id, 0, Now.AddMinutes(1))));
        Assert.Single(recorded, r => r.AutoDisabled is not null);
        Assert.Equal(30, (await Database.HealthAsync())!.ConsecutiveServerErrors);
        Assert.Equal(1, await Database.QueryAsync(db => db.AuditEntries.CountAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_HealthCount_FollowsTheRules(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await FailAsync(id, 0, Now.AddMinutes(1));
        await FailAsync(id, 1, Now.AddMinutes(1));
        await FailAsync(id, 2, Now.AddMinutes(1), status: null, FailureClass.Timeout);
        Assert.Equal(2, (await Database.HealthAsync())!.ConsecutiveServerErrors);
        await FailAsync(id, 3, Now.AddMinutes(1), 404, FailureClass.Http4xx);
        WebhookHealth health = (await Database.HealthAsync())!;
        Assert.Equal(
            (0, Now, Now, 404, FailureClass.Http4xx),
            (health.ConsecutiveServerErrors, health.FailingSince, health.FailingFrom, health.LastStatusCode, health.LastFailureClass)
        );
        await Store.RecordAsync(Result(id, expected: 4));
        WebhookHealth well = (await Database.HealthAsync())!;
        Assert.Equal((null, null), (well.FailingSince, well.FailingFrom));
    }
}
