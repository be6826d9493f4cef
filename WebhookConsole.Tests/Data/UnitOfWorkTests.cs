using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Data.Store;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

/// <summary>People's transactions beside the group-commit writer, on the embedded database.</summary>
public sealed class UnitOfWorkTests : IAsyncLifetime
{
    // SQLite's own wait would find the lock free after another sleep, of up to 100 ms (in old ones a second); handing it over takes none.
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(20);

    private StoreDatabase _database = null!;

    public async Task InitializeAsync() => _database = await StoreDatabase.SqliteAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Writer_WhileATransactionIsOpen_WaitsAndContinuesAtItsCommit()
    {
        // A busy machine may take its time for some of them, and a sleep may happen to end at the right moment: neither half of the time.
        const int Rounds = 9;
        List<TimeSpan> waits = [];
        for (int i = 0; i < Rounds; i++)
        {
            TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task person = _database.Work.RunAsync(async db =>
            {
                await RenameAsync(db, "person");
                open.SetResult();
                await finish.Task;
            });
            await open.Task;
            Task<int> written = WriteAsync();

            // Long enough for SQLite's own wait to have reached its longest steps.
            await Task.WhenAny(written, Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System));
            Assert.False(written.IsCompleted);
            finish.SetResult();
            await person;
            long committed = Stopwatch.GetTimestamp();
            await written;
            waits.Add(Stopwatch.GetElapsedTime(committed));
        }

        Assert.InRange(waits.Order().ElementAt(Rounds / 2), TimeSpan.Zero, s_atOnce);
    }

    [Fact]
    public async Task BothSides_UnderAFlood_GetTheirTurn()
    {
        using CancellationTokenSource end = new();
        int[] turns = new int[2];
        Task[] flood =
        [
            .. Enumerable.Range(0, 4).Select(_ => RepeatAsync(0, () => _database.Work.RunAsync(db => RenameAsync(db, "person")))),
            .. Enumerable.Range(0, 4).Select(_ => RepeatAsync(1, WriteAsync)),
        ];
        await Eventually.TrueAsync(
            () => Task.FromResult(Volatile.Read(ref turns[0]) >= 100 && Volatile.Read(ref turns[1]) >= 100),
            () => string.Join(' ', turns)
        );
        await end.CancelAsync();
        await Task.WhenAll(flood);

        Task RepeatAsync(int side, Func<Task> write) =>
            Task.Run(async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    await write();
                    Interlocked.Increment(ref turns[side]);
                }
            });
    }

    [Fact]
    public async Task SaveChanges_OutsideAUnitOfWork_WaitsForItsTurnToo()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task person = _database.Work.RunAsync(async db =>
        {
            open.SetResult();
            await finish.Task;
        });
        await open.Task;
        Task<Guid> saved = _database.AddWebhookAsync();
        await Task.WhenAny(saved, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        Assert.False(saved.IsCompleted);
        finish.SetResult();
        await person;
        await saved;
    }

    [Fact]
    public async Task Change_ThatFails_GivesItsTurnBack()
    {
        await Assert.ThrowsAsync<RuleException>(() => _database.Work.RunAsync(_ => Task.FromException(RuleException.NotFound("project"))));
        Assert.Equal(0, await WriteAsync());
    }

    [Fact]
    public async Task Change_ThatWaitsForTheWriter_IsRefusedInsteadOfWaitingForItself()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.Work.RunAsync(_ => WriteAsync()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.Work.RunAsync(_ => _database.Work.RunAsync(db => RenameAsync(db, "inner"))));
        Assert.Equal(0, await WriteAsync());
    }

    [Fact]
    public async Task Wait_BehindATransactionThatDoesNotEnd_EndsAsALockedDatabaseDoes()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task person = _database.Work.RunAsync(async db =>
        {
            open.SetResult();
            await finish.Task;
        });
        await open.Task;
        StoreFaults faults = new(_database.Dialect);
        Task<StoreUnavailableException> writer = Assert.ThrowsAsync<StoreUnavailableException>(WriteAsync);
        Exception other = await Assert.ThrowsAnyAsync<Exception>(() => _database.Work.RunAsync(db => RenameAsync(db, "other")));
        Assert.True(faults.IsUnavailable(other));
        await writer;
        finish.SetResult();
        await person;
        Assert.Equal(0, await WriteAsync());
    }

    private Task<int> WriteAsync() => _database.Store.MoveAsync(_database.WebhookId, DeliveryMove.Hold, null, StoreDatabase.Now);

    private Task<int> RenameAsync(ConsoleDbContext db, string name) =>
        db.Projects.Where(p => p.Id == _database.ProjectId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Name, name));
}
