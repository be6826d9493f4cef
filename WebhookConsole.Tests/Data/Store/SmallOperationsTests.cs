using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What the writer does beside events and results, and the reads of jobs.</summary>
public sealed class SmallOperationsTests : StoreTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TouchToken_FirstUse_IsInTheAuditLogOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        ApiToken token = new()
        {
            Id = Ids.New(Now),
            ProjectId = Database.ProjectId,
            Name = "ci",
            Hash = [1, 2, 3],
            Hint = "whc_…1a2b",
            Scopes = TokenScopes.All,
            CreatedAt = Now,
        };
        await Database.QueryAsync(db =>
        {
            db.ApiTokens.Add(token);
            return db.SaveChangesAsync();
        });

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => Store.TouchTokenAsync(token.Id, Now.AddSeconds(i), FirstUse())));
        Assert.Equal(Now.AddSeconds(10), await Database.QueryAsync(db => db.ApiTokens.Select(t => t.LastUsedAt).SingleAsync()));
        AuditEntry entry = await Database.QueryAsync(db => db.AuditEntries.SingleAsync());
        Assert.Equal((1, token.Id), (entry.Sequence, entry.TargetId));
        Assert.Equal(entry.Hash, await Database.QueryAsync(db => db.AuditHeads.Where(h => h.Sequence == 1).Select(h => h.Hash).SingleAsync()));

        AuditEntry FirstUse() =>
            new()
            {
                Id = Ids.New(Now),
                ProjectId = Database.ProjectId,
                At = Now,
                ActorKind = "system",
                ActorName = "API",
                Action = "token.first_used",
                TargetKind = "token",
                TargetId = token.Id,
                TargetName = token.Name,
            };
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Probe_AmongWrites_LeavesNothingBehind(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Task.WhenAll(Store.ProbeAsync(), AddAsync(), Store.ProbeAsync());
        Assert.True(Store.TakesWrites);
        Assert.Equal(0, await Database.QueryAsync(db => db.WebhookHealth.CountAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SampleBacklog_GrowingAndGone_IsReportedOnceUntilItIsGone(DatabaseKind kind)
    {
        await OpenAsync(kind);
        BacklogSample growing = new([(Database.WebhookId, 7)], [(Database.WebhookId, 7)], []);
        await Store.SampleBacklogAsync(1, growing, Now);
        await Store.SampleBacklogAsync(1, growing with { Waiting = [(Database.WebhookId, 3)] }, Now.AddMinutes(1));
        Assert.Equal([Database.WebhookId], Store.ReadReportedBacklogs());
        Assert.Equal(Now, (await Database.HealthAsync())!.BacklogReportedAt);
        Assert.Equal(7, await Database.QueryAsync(db => db.WebhookQuarters.Select(q => q.Backlog).SingleAsync()));

        await Store.SampleBacklogAsync(1, new BacklogSample([], [], [Database.WebhookId]), Now.AddMinutes(2));
        Assert.Empty(Store.ReadReportedBacklogs());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Remove_FinishedAndOrphaned_LeavesWhatIsNeeded(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent[] events = [.. Enumerable.Range(0, 4).Select(i => Event(at: Now.AddMilliseconds(i)))];
        await Store.AddEventsAsync(events);
        Guid[] ids = [.. events.Select(e => e.Deliveries[0].Id)];
        await Task.WhenAll(ids[..3].Select(id => Store.RecordAsync(Result(id))));
        Assert.Equal(ids[3], Store.FindDelivery(newer: 0));
        Assert.Equal(ids[..3], Store.ReadRemovableDeliveries(Guid.Empty, Ids.Floor(Now.AddHours(1)), 10));

        // The last one is still to be sent, so neither it nor its event goes.
        Assert.Equal(4, await Store.RemoveAsync([ids[0], ids[1], ids[3]], [.. events.Select(e => e.Event.Id)]));
        Assert.Equal([ids[2], ids[3]], await Database.QueryAsync(db => db.Deliveries.OrderBy(d => d.Id).Select(d => d.Id).ToListAsync()));
        Assert.Equal(2, await Database.QueryAsync(db => db.Events.CountAsync()));
        Assert.Equal(ids[2], (await Database.QueryAsync(db => db.Attempts.SingleAsync())).DeliveryId);
        Assert.Empty(Store.ReadRemovableEvents(Guid.Empty, Ids.Floor(Now.AddHours(1)), 10));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddEvents_ManyClientIds_AnswersInTheirOrder(DatabaseKind kind)
    {
        await OpenAsync(kind);
        NewEvent[] known = [.. Enumerable.Range(0, 40).Select(i => Event($"client-{i}"))];
        await Store.AddEventsAsync(known);

        // Old and new ids, one without, and one twice in the same call.
        NewEvent[] mixed = [.. Enumerable.Range(20, 40).Select(i => Event($"client-{i}")), Event(), Event("client-59")];
        StoredEvent[] stored = await Store.AddEventsAsync(mixed);
        Assert.Equal(known[20..].Select(e => e.Event.Id), stored[..20].Select(s => s.EventId));
        Assert.All(stored[..20], s => Assert.Equal((true, 0), (s.Duplicate, s.Deliveries)));
        Assert.Equal(mixed[20..41].Select(e => e.Event.Id), stored[20..41].Select(s => s.EventId));
        Assert.All(stored[20..41], s => Assert.Equal((false, 1), (s.Duplicate, s.Deliveries)));
        Assert.Equal((mixed[39].Event.Id, true), (stored[41].EventId, stored[41].Duplicate));
        Assert.Equal(61, Due(DeliveryStatus.Pending).Count);
    }
}
