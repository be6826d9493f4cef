using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What attempts share is stored with them, once, and goes when none of them is left.</summary>
public sealed class AttemptHeadTests : StoreTests
{
    private const string Poison =
        "CREATE TRIGGER poison BEFORE INSERT ON attempts WHEN NEW.response_body = x'00' BEGIN SELECT RAISE(ABORT, 'poisoned row'); END";

    // So long ago that the clock of a shared server, too, allows heads of this time to be removed.
    private static readonly DateTimeOffset s_past = Now.AddYears(-10);

    private static readonly byte[] s_hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static AttemptHead RequestHead(string url = "https://hooks.example/") =>
        new(
            new RequestText(
                url,
                "abcd1234",
                "X-Request-Id: \u0001\nwebhook-id: \u0002\nX-Webhook-Event: \u0003\nwebhook-timestamp: \u0004\nwebhook-signature: v1,\u0007\n"
            ).ToBytes()
        );

    private static AttemptHead ResponseHead() => new("HTTP/1.1 200 OK\nDate: \u000e\nX-Ray: \u000f\n"u8.ToArray());

    private AttemptResult Kept(Guid delivery, AttemptHead request, AttemptHead? response = null, DateTimeOffset? at = null, byte[]? body = null)
    {
        AttemptResult result = Result(delivery, completedAt: at);
        return result with
        {
            Attempt = new DeliveryAttempt
            {
                Id = Ids.New(at ?? Now),
                DeliveryId = delivery,
                Trigger = AttemptTrigger.Automatic,
                StartedAt = at ?? Now,
                DurationMs = 12,
                Url = "https://hooks.example/",
                StatusCode = 200,
                SignedWith = "abcd1234",
                Request = new KeptHead(request, s_hash),
                Response = response is null ? null : new KeptHead(response, [4, 3, .. "abc"u8]),
                ResponseBody = body,
            },
        };
    }

    private Task<List<AttemptHeadRow>> HeadsAsync() => Database.QueryAsync(db => db.AttemptHeads.AsNoTracking().ToListAsync());

    private Task<int> SqlAsync(string sql) => Database.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    private async Task AssertReadableAsync(Guid delivery)
    {
        DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(delivery));
        Assert.Equal(("https://hooks.example/", "abcd1234"), (attempt.Url, attempt.SignedWith));
        Assert.EndsWith($"webhook-signature: v1,{Convert.ToBase64String(s_hash)}\n", attempt.RequestHeaders, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_AttemptsThatShareHeads_StoresThemOnceAndReadsEveryByte(DatabaseKind kind)
    {
        await OpenAsync(kind);
        AttemptHead request = RequestHead();
        AttemptHead response = ResponseHead();
        NewEvent[] events = [.. Enumerable.Range(0, 40).Select(_ => Event())];
        await Store.AddEventsAsync(events);
        await Task.WhenAll(events.Select(e => Store.RecordAsync(Kept(e.Deliveries[0].Id, request, response))));

        Assert.Equal(new[] { request.Id, response.Id }.Order(), (await HeadsAsync()).Select(h => h.Id).Order());
        foreach (NewEvent e in events)
        {
            DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(e.Deliveries[0].Id));
            Assert.Equal(
                $"X-Request-Id: {attempt.Id}\nwebhook-id: {e.Event.Id}\nX-Webhook-Event: order.created\nwebhook-timestamp: {Now.ToUnixTimeSeconds()}\n"
                    + $"webhook-signature: v1,{Convert.ToBase64String(s_hash)}\n",
                attempt.RequestHeaders
            );
            Assert.Equal($"HTTP/1.1 200 OK\nDate: {Now.AddSeconds(2):R}\nX-Ray: abc\n", System.Text.Encoding.UTF8.GetString(attempt.ResponseHeaders!));
            Assert.Equal(("https://hooks.example/", "abcd1234"), (attempt.Url, attempt.SignedWith));
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Record_HeadThatIsKnown_IsNotWrittenAgainForADay(DatabaseKind kind)
    {
        await OpenAsync(kind);
        AttemptHead head = RequestHead();
        await Store.RecordAsync(Kept(await AddAsync(), head));
        await Store.RecordAsync(Kept(await AddAsync(), head, at: Now.AddHours(23)));
        Assert.Equal(Now, Assert.Single(await HeadsAsync()).LastUsed);
        await Store.RecordAsync(Kept(await AddAsync(), head, at: Now.AddHours(25)));
        Assert.Equal(Now.AddHours(25), Assert.Single(await HeadsAsync()).LastUsed);

        // A clock that was set back does not make it look unused.
        await Store.RecordAsync(Kept(await AddAsync(), head, at: Now.AddDays(-30)));
        Assert.Equal(Now.AddHours(25), Assert.Single(await HeadsAsync()).LastUsed);
    }

    [Theory]
    [OnSqlite]
    public async Task Record_TransactionThatFailed_LeavesTheHeadToTheNextOne(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await SqlAsync(Poison);
        AttemptHead head = RequestHead();
        Guid failed = await AddAsync();
        Guid recorded = await AddAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Store.RecordAsync(Kept(failed, head, body: [0])));
        Assert.Empty(await HeadsAsync());
        await Store.RecordAsync(Kept(recorded, head));
        await AssertReadableAsync(recorded);
    }

    [Theory]
    [OnSqlite]
    public async Task Record_AfterTheConnectionWasLost_WritesItsHeadsAgain(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await SqlAsync(Poison);
        AttemptHead head = RequestHead();
        await Store.RecordAsync(Kept(await AddAsync(), head));
        await SqlAsync("DELETE FROM attempt_heads");

        // A failure ends the connection; the database behind the next one may be a restored one.
        Guid failed = await AddAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Store.RecordAsync(Kept(failed, head, body: [0])));
        Guid recorded = await AddAsync();
        await Store.RecordAsync(Kept(recorded, head));
        await AssertReadableAsync(recorded);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task RemoveHeads_OldestAttemptMuchYounger_RemovesOnlyWhatNoneCanHave(DatabaseKind kind)
    {
        await OpenAsync(kind);
        AttemptHead old = RequestHead("https://old.example/");
        AttemptHead current = RequestHead();
        Guid first = await AddAsync();
        await Store.RecordAsync(Kept(first, old, at: s_past.AddDays(-40)));
        await Store.RecordAsync(Kept(await AddAsync(), current, at: s_past.AddDays(-3)));

        // While the attempt is there, its head is.
        Assert.False(await Store.RemoveHeadsAsync(s_past.AddDays(-30)));
        Assert.Equal(2, (await HeadsAsync()).Count);

        await Store.RemoveAsync([first], []);
        Assert.False(await Store.RemoveHeadsAsync(s_past.AddDays(-30)));
        Assert.Equal(current.Id, Assert.Single(await HeadsAsync()).Id);

        // The sender still holds the head that was removed.
        Guid again = await AddAsync();
        await Store.RecordAsync(Kept(again, old, at: s_past.AddDays(-40).AddHours(1)));
        Assert.Equal("https://old.example/", Assert.Single(await Database.AttemptsAsync(again)).Url);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task RemoveHeads_NoAttempts_RemovesWhatIsTooOldToBeKept(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid[] both = [await AddAsync(), await AddAsync()];
        await Store.RecordAsync(Kept(both[0], RequestHead("https://old.example/"), at: s_past.AddDays(-40)));
        await Store.RecordAsync(Kept(both[1], RequestHead(), at: s_past.AddDays(-31)));
        await Store.RemoveAsync(both, []);
        Assert.False(await Store.RemoveHeadsAsync(s_past.AddDays(-30)));
        Assert.Equal(RequestHead().Id, Assert.Single(await HeadsAsync()).Id);
    }

    [Theory]
    [OnPostgres]
    public async Task RemoveHeads_OnANodeWhoseClockIsDaysAhead_LeavesWhatAnotherNodeUses(DatabaseKind kind)
    {
        await OpenAsync(kind);
        using DeliveryStore other = new(Database.Dialect, Database.Metrics);
        DateTimeOffset right = TimeProvider.System.GetUtcNow();
        DateTimeOffset ahead = right.AddDays(40);
        Guid first = await AddAsync(at: right);
        await other.RecordAsync(Kept(first, RequestHead(), at: right));

        // The node that is ahead takes what is there to be old; after that, there are only its own attempts.
        await Store.RemoveAsync([first], []);
        await Store.RemoveHeadsAsync(ahead.AddDays(-30));
        await Store.RecordAsync(Kept(await AddAsync(at: ahead), RequestHead("https://ahead.example/"), at: ahead));
        await Store.RemoveHeadsAsync(ahead.AddDays(-30));

        Guid next = await AddAsync(at: right);
        await other.RecordAsync(Kept(next, RequestHead(), at: right.AddMinutes(1)));
        await AssertReadableAsync(next);
    }

    [Theory]
    [OnPostgres]
    public async Task Record_SameNewHeadsOnTwoNodes_StoresEachOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        using DeliveryStore other = new(Database.Dialect, Database.Metrics);
        for (int round = 0; round < 10; round++)
        {
            NewEvent[] events = [.. Enumerable.Range(0, 40).Select(_ => Event())];
            await Store.AddEventsAsync(events);
            string[] urls = [.. Enumerable.Range(0, 20).Select(i => $"https://hooks.example/{round}/{i}")];
            await Task.WhenAll(
                urls.Select((u, i) => Store.RecordAsync(Kept(events[i].Deliveries[0].Id, RequestHead(u))))
                    .Concat(urls.Reverse().Select((u, i) => other.RecordAsync(Kept(events[20 + i].Deliveries[0].Id, RequestHead(u)))))
            );
        }

        Assert.Equal(200, (await HeadsAsync()).Count);
        Assert.Equal(400, await Database.QueryAsync(db => db.Attempts.CountAsync(a => db.AttemptHeads.Any(h => h.Id == a.RequestHead))));
    }

    [Theory]
    [OnSqlite]
    public async Task Read_HeadThatIsMissing_ShowsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid id = await AddAsync();
        await Store.RecordAsync(Kept(id, RequestHead(), ResponseHead()));
        await SqlAsync("DELETE FROM attempt_heads");
        DeliveryAttempt attempt = Assert.Single(await Database.AttemptsAsync(id));
        Assert.Equal(("", "", "", null), (attempt.Url, attempt.RequestHeaders, attempt.SignedWith, attempt.ResponseHeaders));
    }

    [Fact]
    public void Rebuild_DamagedRest_NeverThrows()
    {
        HeadFacts facts = new(Ids.New(Now), Ids.New(Now), "order.created", Now);
        foreach (byte[] rest in new byte[][] { [], [1], [0xFF], [.. Enumerable.Repeat((byte)0xFF, 40)], [4, 200] })
        {
            Assert.NotEmpty(RequestHead().Rebuild(rest, facts));
            Assert.NotEmpty(ResponseHead().Rebuild(rest, facts));
        }
    }
}
