using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>The plan after the clock was set back.</summary>
public sealed class ReplanTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Replan_ClockSetBackUnseen_MovesEveryRetryAndMakesFirstAttemptsDue(DatabaseKind kind)
    {
        await OpenAsync(kind);
        // More than a page, with equal times over its end.
        const int Many = 1_100;
        DateTimeOffset set = Now.AddHours(-3);
        Guid[] retrying = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => AddAsync()));
        await Task.WhenAll(retrying.Select((id, i) => FailAsync(id, 0, Now.AddMinutes(i < Many / 2 ? 60 : 61))));
        Guid pending = await AddAsync();
        Assert.Empty(Due(DeliveryStatus.Pending, set));

        // A later attempt, by the right clock, hides from the webhook that an earlier one was made by the wrong clock.
        await Database.QueryAsync(db => db.Set<WebhookHealth>().ExecuteUpdateAsync(s => s.SetProperty(h => h.LastAttemptAt, set)));

        await Store.ReplanAsync(Database.WebhookId, set, TimeSpan.Zero);
        Assert.Equal(pending, Assert.Single(Due(DeliveryStatus.Pending, set)));
        Assert.Equal(set.AddMinutes(60), (await Database.DeliveryAsync(retrying[0])).NextAttemptAt);
        Assert.Equal(set.AddMinutes(61), (await Database.DeliveryAsync(retrying[^1])).NextAttemptAt);
        Assert.Equal(
            Many,
            await Database.QueryAsync(db => db.Deliveries.CountAsync(d => d.NextAttemptAt >= set.AddMinutes(60) && d.NextAttemptAt <= set.AddMinutes(61)))
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Replan_OneStepSeenAndAnotherNot_MakesTheRetryDue(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid retrying = await AddAsync();
        await FailAsync(retrying, 0, Now.AddMinutes(60));
        await Store.ReplanAsync(Database.WebhookId, Now.AddMinutes(-150), TimeSpan.FromMinutes(150));
        Assert.Equal(Now.AddMinutes(-90), (await Database.DeliveryAsync(retrying)).NextAttemptAt);

        await Store.ReplanAsync(Database.WebhookId, Now.AddMinutes(-180), TimeSpan.Zero);

        Assert.Equal(Now.AddMinutes(-180), (await Database.DeliveryAsync(retrying)).NextAttemptAt);
    }
}
