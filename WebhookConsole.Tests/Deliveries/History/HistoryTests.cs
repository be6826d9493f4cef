using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Tests.Data.Store;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.History;

/// <summary>The history on both databases: every filter against the same rows, read in every way.</summary>
public sealed class HistoryTests : StoreTests
{
    private static readonly DateTimeOffset s_start = Now.AddDays(-1);

    private DeliveryQueries Queries => new(Database.Contexts, TimeProvider.System);

    private static DeliveryFilter[] Filters { get; } =
    [
        new(),
        .. Enum.GetValues<DeliveryStatus>().Select(s => new DeliveryFilter { Status = s }),
        new() { Failing = true },
        new() { Failing = true, EventType = "type.1" },
        new() { FailureClass = FailureClass.Http5xx },
        new() { FailureClass = FailureClass.Timeout, Status = DeliveryStatus.Held },
        new() { FailureClass = FailureClass.Gone },
        new() { EventType = "type.1" },
        new() { EventType = "type.none" },
        new() { Test = true },
        new()
        {
            Test = false,
            EventType = "type.2",
            Status = DeliveryStatus.Succeeded,
        },
        new() { Since = s_start.AddMinutes(20), Until = s_start.AddMinutes(60) },
        new() { Since = s_start.AddMinutes(20), Status = DeliveryStatus.Failed },
        new() { Search = "type.2" },
        new() { Search = "type.2", EventType = "type.1" },
        new() { Search = "customer.email = person3@example.com", Since = s_start },
        new() { Search = "\"person3@\"", Since = s_start.AddMinutes(50) },
        new() { Search = "nothing.like.this", Since = s_start },
    ];

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task List_EachFilter_GivesWhatAPlainLookAtEveryRowGives(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await SeedAsync();
        List<(Delivery Delivery, string Payload)> all = await Database.QueryAsync(async db =>
            (
                await (from d in db.Deliveries join e in db.Events on d.EventId equals e.Id orderby d.Id descending select new { d, e.Payload }).ToListAsync()
            ).ConvertAll(r => (r.d, Encoding.UTF8.GetString(r.Payload)))
        );
        Assert.All(
            Filters,
            f =>
                Assert.True(
                    f.Search is not null || f.EventType == "type.none" || f.FailureClass == FailureClass.Gone || all.Any(r => Fits(r.Delivery, r.Payload, f)),
                    $"{f}"
                )
        );
        foreach (DeliveryFilter filter in Filters)
        {
            Guid[] expected = all.Where(r => Fits(r.Delivery, r.Payload, filter)).Select(r => r.Delivery.Id).ToArray();
            Assert.True(expected.SequenceEqual(await AllAsync(filter)), $"{filter}");
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Search_IdsAndTheirBeginnings_FindTheDelivery(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await SeedAsync();
        NewEvent wanted = Event("Order-2030-000017", at: s_start.AddHours(3));
        await Store.AddEventsAsync([wanted]);
        Guid delivery = wanted.Deliveries[0].Id;
        AttemptResult attempt = Result(delivery);
        await Store.RecordAsync(attempt);

        string[] texts =
        [
            delivery.ToString(),
            delivery.ToString("N").ToUpperInvariant(),
            delivery.ToString()[..20],
            wanted.Event.Id.ToString(),
            wanted.Event.Id.ToString()[..21],
            wanted.Event.Id.ToString()[..8],
            attempt.Attempt.Id.ToString(),
            attempt.Attempt.Id.ToString()[..22],
            "Order-2030-000017",
            "Order-20",
        ];
        foreach (string text in texts)
        {
            DeliveryPage page = await SearchAsync(text);
            Assert.True(page.Items.Any(r => r.Delivery.Id == delivery), text);
        }

        Assert.Empty((await SearchAsync("order-2030-000017")).Items);
        Assert.Empty((await SearchAsync("Order-2")).Items);
        Assert.Equal(SearchedAs.Words, (await SearchAsync("Order-2")).SearchedAs);
        DeliveryPage unknown = await SearchAsync(Guid.Empty.ToString());
        Assert.Equal((0, SearchedAs.Ids, null), (unknown.Items.Count, unknown.SearchedAs, unknown.NextCursor));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Search_IdOfAnotherProject_FindsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Guid delivery = await AddAsync();
        AttemptResult attempt = Result(delivery);
        await Store.RecordAsync(attempt);

        foreach (string text in new[] { delivery.ToString(), attempt.Attempt.Id.ToString(), delivery.ToString()[..9] })
        {
            DeliveryPage page = await Queries.ListAsync(
                Actor.System,
                Guid.CreateVersion7(),
                new DeliveryFilter { Search = text },
                null,
                50,
                CancellationToken.None
            );
            Assert.Empty(page.Items);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Search_PayloadsLargerThanOneStep_FindsEachOnceNewestFirst(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent[] large = Enumerable.Range(0, 40).Select(i => Event(at: s_start.AddSeconds(i), payload: Large(i))).ToArray();
        await Store.AddEventsAsync(large);

        Guid[] wanted = large.Where((_, i) => i % 2 == 0).Select(e => e.Deliveries[0].Id).Reverse().ToArray();
        Assert.Equal(wanted, await AllAsync(new DeliveryFilter { Search = "kind = even", Since = s_start }));

        static byte[] Large(int i) => Encoding.UTF8.GetBytes($$"""{"fill":"{{new string('x', 250_000)}}","kind":"{{(i % 2 == 0 ? "even" : "odd")}}"}""");
    }

    [Fact]
    public async Task Search_PayloadsWithoutATimeRange_IsRefusedWithASentence()
    {
        await OpenAsync(DatabaseKind.Sqlite);

        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => SearchAsync("a = b"));

        Assert.Contains("time range", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task CountNewer_Filter_CountsOnlyWhatMatches(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await SeedAsync();
        Guid oldest = await Database.QueryAsync(db => db.Deliveries.OrderBy(d => d.Id).Select(d => d.Id).FirstAsync());
        int failed = await Database.QueryAsync(db => db.Deliveries.CountAsync(d => d.Status == DeliveryStatus.Failed && d.Id.CompareTo(oldest) > 0));

        Assert.Equal(failed, await CountAsync(new DeliveryFilter { Status = DeliveryStatus.Failed }, 100));
        Assert.Equal(3, await CountAsync(new DeliveryFilter(), 3));
        Assert.Equal(0, await CountAsync(new DeliveryFilter { Search = "type.2", EventType = "type.1" }, 100));

        Task<int> CountAsync(DeliveryFilter filter, int atMost) =>
            Queries.CountNewerAsync(Actor.System, Database.ProjectId, filter, oldest, atMost, CancellationToken.None);
    }

    [Fact]
    public async Task Walked_TimeRangeAndIds_HasOneBoundAtEachEnd()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        HistoryScope scope = new(Database.ProjectId, new DeliveryFilter { Since = s_start, Until = s_start.AddDays(2) });
        await using ConsoleDbContext db = await Database.Contexts.CreateDbContextAsync();

        string sql = scope.Fitting(scope.Walked(db, Ids.New(s_start.AddHours(1)), Ids.New(s_start.AddDays(1)))).ToQueryString();

        Assert.Equal(2, sql.Split("\"id\" >= ").Length);
        Assert.Equal(2, sql.Split("\"id\" < ").Length);
    }

    [Fact]
    public async Task List_NothingMatchesALongHistory_StopsEarlyAndGoesOnWithTheCursor()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        NewEvent[] many = Enumerable.Range(0, 6000).Select(i => Event(at: s_start.AddSeconds(i))).ToArray();
        await Store.AddEventsAsync(many);

        // Every look at the clock takes a second, so a step is over after its first slice.
        DeliveryQueries slow = new(Database.Contexts, new SlowClock());
        DeliveryFilter none = new() { Search = "\"not there\"", Since = s_start };
        DeliveryPage first = await slow.ListAsync(Actor.System, Database.ProjectId, none, null, 50, CancellationToken.None);

        Assert.Empty(first.Items);
        Assert.True(first.Searched is > 0 and < 6000, $"searched {first.Searched}");
        Assert.NotNull(first.NextCursor);
        Assert.Equal(many[^first.Searched].Event.CreatedAt, first.SearchedTo);

        int searched = first.Searched;
        string? cursor = first.NextCursor;
        while (cursor is not null)
        {
            DeliveryPage next = await slow.ListAsync(Actor.System, Database.ProjectId, none, cursor, 50, CancellationToken.None);
            (searched, cursor) = (searched + next.Searched, next.NextCursor);
        }

        Assert.Equal(6000, searched);
    }

    private async Task<List<Guid>> AllAsync(DeliveryFilter filter)
    {
        List<Guid> found = [];
        string? cursor = null;
        do
        {
            DeliveryPage page = await Queries.ListAsync(Actor.System, Database.ProjectId, filter, cursor, 7, CancellationToken.None);
            Assert.True(page.Items.Count <= 7);
            found.AddRange(page.Items.Select(r => r.Delivery.Id));
            cursor = page.NextCursor;
        } while (cursor is not null);
        return found;
    }

    private static bool Fits(Delivery d, string payload, DeliveryFilter f) =>
        (f.Status is null || d.Status == f.Status)
        && (!f.Failing || (d.Status is DeliveryStatus.Failed or DeliveryStatus.Retrying or DeliveryStatus.Held && d.FailureClass is not null))
        && (f.FailureClass is null || d.FailureClass == f.FailureClass)
        && (f.EventType is null || d.EventType == f.EventType)
        && (f.Test is null || d.Test == f.Test)
        && (f.Since is null || d.CreatedAt >= f.Since)
        && (f.Until is null || d.CreatedAt < f.Until)
        && f.Search switch
        {
            null => true,
            "type.2" => d.EventType == "type.2",
            "nothing.like.this" => false,
            _ => payload.Contains("person3@example.com", StringComparison.Ordinal),
        };

    private Task<DeliveryPage> SearchAsync(string text) =>
        Queries.ListAsync(Actor.System, Database.ProjectId, new DeliveryFilter { Search = text }, null, 50, CancellationToken.None);

    private Task<int> SeedAsync() =>
        Database.QueryAsync(async db =>
        {
            DeliveryStatus[] statuses = Enum.GetValues<DeliveryStatus>();
            for (int i = 0; i < 120; i++)
            {
                DateTimeOffset at = s_start.AddMinutes(i);
                DeliveryStatus status = statuses[i % statuses.Length];
                FailureClass? failure =
                    status is DeliveryStatus.Succeeded or DeliveryStatus.Pending || i % 4 == 0 ? null
                    : i % 7 < 3 ? FailureClass.Timeout
                    : FailureClass.Http5xx;
                WebhookEvent made = new()
                {
                    Id = Ids.New(at),
                    ProjectId = Database.ProjectId,
                    Type = $"type.{i % 5}",
                    Payload = Encoding.UTF8.GetBytes($$$"""{"customer":{"email":"person{{{i % 10}}}@example.com"}}"""),
                    Test = i % 11 == 0,
                    CreatedAt = at,
                };
                db.Events.Add(made);
                db.Deliveries.Add(
                    new Delivery
                    {
                        Id = Ids.New(at),
                        ProjectId = Database.ProjectId,
                        EventId = made.Id,
                        WebhookId = Database.WebhookId,
                        EventType = made.Type,
                        Status = status,
                        Test = made.Test,
                        CreatedAt = at,
                        NextAttemptAt = status is DeliveryStatus.Pending or DeliveryStatus.Retrying ? Now : null,
                        FailureClass = failure,
                    }
                );
            }

            db.EventTypes.Add(
                new EventType
                {
                    ProjectId = Database.ProjectId,
                    Name = "type.2",
                    CreatedAt = Now,
                }
            );
            return await db.SaveChangesAsync();
        });

    private sealed class SlowClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _ticks);
    }
}
