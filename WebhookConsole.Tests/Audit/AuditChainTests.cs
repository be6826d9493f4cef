using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Data;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Audit;

/// <summary>Entries of a chain that are changed or removed show (specification §10), whichever of the two ways they were written.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private StoreDatabase _database = null!;
    private AuditLog _audit = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    private async Task OpenAsync(DatabaseKind kind)
    {
        _database = await StoreDatabase.OpenAsync(kind);
        _audit = new AuditLog(TimeProvider.System, _database.Contexts);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    private Task WriteAsync(string name) =>
        _audit.WriteAsync(Actor.System, AuditActions.WebhookUpdated, _database.ProjectId, new AuditTarget("webhook", null, name), new { name = "Ünï → \" '" });

    // A test of a webhook: its entry goes through the hand-written statements.
    private Task<RecordedAttempt> WriteThroughTheStoreAsync()
    {
        WebhookEvent sent = new()
        {
            Id = Ids.New(StoreDatabase.Now),
            ProjectId = _database.ProjectId,
            Type = "order.created",
            Payload = "{}"u8.ToArray(),
            Test = true,
            CreatedAt = StoreDatabase.Now,
        };
        Delivery delivery = new()
        {
            Id = Ids.New(StoreDatabase.Now),
            ProjectId = _database.ProjectId,
            EventId = sent.Id,
            WebhookId = _database.WebhookId,
            EventType = sent.Type,
            Status = DeliveryStatus.Succeeded,
            Test = true,
            CreatedAt = StoreDatabase.Now,
            AttemptCount = 1,
        };
        DeliveryAttempt attempt = new()
        {
            Id = Ids.New(StoreDatabase.Now),
            DeliveryId = delivery.Id,
            Trigger = AttemptTrigger.Test,
            StartedAt = StoreDatabase.Now,
            DurationMs = 1,
            Url = "https://hooks.example/",
            StatusCode = 200,
            RequestHeaders = "",
            SignedWith = "",
        };
        AuditEntry entry = _audit.NewEntry(
            Actor.System,
            AuditActions.WebhookTested,
            _database.ProjectId,
            new AuditTarget("webhook", _database.WebhookId, "hook")
        );
        return _database.Store.RecordAsync(
            new AttemptResult(attempt, _database.ProjectId, _database.WebhookId, 0, StoreDatabase.Now, null, null)
            {
                Test = new TestDelivery(sent, delivery),
                Audit = entry,
            }
        );
    }

    private Task<AuditCheck> CheckAsync() => _audit.CheckAsync(_database.ProjectId, CancellationToken.None);

    private Task<int> ChangeAsync(Func<IQueryable<AuditEntry>, Task<int>> change) =>
        _database.QueryAsync(db => change(db.AuditEntries.Where(e => e.ProjectId == _database.ProjectId)));

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_NothingWritten_IsWhole(DatabaseKind kind)
    {
        await OpenAsync(kind);
        AuditCheck check = await CheckAsync();
        Assert.Equal((0, (string?)null), (check.Entries, check.Problem));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_EntriesOfBothWays_AreOneWholeChain(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await WriteAsync("one");
        await WriteThroughTheStoreAsync();
        await WriteAsync("two");
        await WriteThroughTheStoreAsync();
        AuditCheck check = await CheckAsync();
        Assert.Equal((4, (string?)null), (check.Entries, check.Problem));
        Assert.Equal(32, check.End.Length);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_ManyWritersAtOnce_LoseAndRepeatNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? WriteThroughTheStoreAsync() : Task.Run(() => WriteAsync($"writer {i}"))));
        Assert.Equal((40, (string?)null), ((await CheckAsync()).Entries, (await CheckAsync()).Problem));
        List<long> sequences = await _database.QueryAsync(db =>
            db.AuditEntries.Where(e => e.ProjectId == _database.ProjectId).Select(e => e.Sequence).ToListAsync()
        );
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), sequences.Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_SeveralEntriesInOneSave_AreLinkedInTheirOrder(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await _database.QueryAsync(db =>
        {
            _audit.Add(db, Actor.System, "first", _database.ProjectId);
            _audit.Add(db, Actor.System, "of the installation", null);
            _audit.Add(db, Actor.System, "second", _database.ProjectId);
            return db.SaveChangesAsync();
        });
        Assert.Equal((2, (string?)null), ((await CheckAsync()).Entries, (await CheckAsync()).Problem));
        Assert.Equal(1, (await _audit.CheckAsync(null, CancellationToken.None)).Entries);
        Assert.Equal(
            ["first", "second"],
            await _database.QueryAsync(db =>
                db.AuditEntries.Where(e => e.ProjectId == _database.ProjectId).OrderBy(e => e.Sequence).Select(e => e.Action).ToListAsync()
            )
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_SaveThatIsRolledBack_LeavesNoGap(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await WriteAsync("one");
        await _database.QueryAsync(async db =>
        {
            await using Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction = await db.Database.BeginTransactionAsync();
            _audit.Add(db, Actor.System, "never", _database.ProjectId);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
            return 0;
        });
        await WriteAsync("two");
        Assert.Equal((2, (string?)null), ((await CheckAsync()).Entries, (await CheckAsync()).Problem));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_RemovedEntry_Shows(DatabaseKind kind)
    {
        await OpenAsync(kind);
        foreach (string name in new[] { "one", "two", "three", "four" })
        {
            await WriteAsync(name);
        }

        await ChangeAsync(entries => entries.Where(e => e.Sequence == 2 || e.Sequence == 3).ExecuteDeleteAsync());
        AuditCheck check = await CheckAsync();
        Assert.Equal((1, "Entries 2 to 3 are missing."), (check.Entries, check.Problem));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_RemovedFromTheEnd_Shows(DatabaseKind kind)
    {
        await OpenAsync(kind);
        foreach (string name in new[] { "one", "two", "three" })
        {
            await WriteAsync(name);
        }

        await ChangeAsync(entries => entries.Where(e => e.Sequence == 3).ExecuteDeleteAsync());
        Assert.Equal("Entries 3 to 3, the newest, are missing.", (await CheckAsync()).Problem);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_ForeignEntryOutsideTheChain_Shows(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await WriteAsync("one");
        await WriteAsync("two");
        foreach (long sequence in new long[] { 7, -3 })
        {
            AuditEntry foreign = _audit.NewEntry(Actor.System, AuditActions.WebhookUpdated, _database.ProjectId);
            await _database.QueryAsync(async db =>
            {
                db.AuditEntries.Add(foreign);
                await db.SaveChangesAsync();
                await db.AuditEntries.Where(e => e.Id == foreign.Id).ExecuteUpdateAsync(e => e.SetProperty(x => x.Sequence, sequence));
                return await db
                    .AuditHeads.Where(h => h.Chain == AuditChain.NameOf(_database.ProjectId))
                    .ExecuteUpdateAsync(h => h.SetProperty(x => x.Sequence, 2L));
            });
            AuditCheck check = await CheckAsync();
            Assert.Equal(2, check.Entries);
            Assert.StartsWith($"Entry {sequence} of ", check.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Check_ChangedEntry_ShowsForEveryField(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await WriteAsync("one");
        await WriteAsync("two");
        foreach (
            Func<IQueryable<AuditEntry>, Task<int>> change in new Func<IQueryable<AuditEntry>, Task<int>>[]
            {
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.ActorName, "somebody else")),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.Action, "webhook.deleted")),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.Details, (string?)null)),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.At, DateTimeOffset.UnixEpoch)),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.TargetName, "another")),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.RemoteAddress, "127.0.0.9")),
                e => e.ExecuteUpdateAsync(s => s.SetProperty(x => x.Hash, new byte[32])),
            }
        )
        {
            AuditEntry before = await _database.QueryAsync(db => db.AuditEntries.AsNoTracking().SingleAsync(e => e.Sequence == 1));
            Assert.Null((await CheckAsync()).Problem);
            Assert.Equal(1, await ChangeAsync(entries => change(entries.Where(e => e.Sequence == 1))));
            Assert.Contains("was changed", (await CheckAsync()).Problem, StringComparison.Ordinal);
            await _database.QueryAsync(db =>
            {
                db.Update(before);
                return db.SaveChangesAsync();
            });
        }
    }
}
