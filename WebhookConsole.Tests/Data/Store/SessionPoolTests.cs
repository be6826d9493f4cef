using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data.Store;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>What a restart of the server leaves behind: open sessions that no longer have a server.</summary>
public sealed class SessionPoolTests : StoreTests
{
    // The server would otherwise refuse to end the connection that asks.
    private const string EndOthers =
        "SELECT COUNT(pg_terminate_backend(pid)) AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

    [Theory]
    [OnPostgres]
    public async Task Read_SessionsWhoseConnectionsHaveEnded_OpensNewOnes(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.WebhooksWithWork(Now))));
        Assert.InRange(await Database.QueryAsync(db => db.Database.SqlQueryRaw<long>(EndOthers).SingleAsync()), 1, int.MaxValue);

        Assert.Empty(Store.WebhooksWithWork(Now));
    }

    [Theory]
    [OnPostgres]
    public async Task Dispose_InATransactionWhoseConnectionHasEnded_ThrowsNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        StoreSession session = Database.Dialect.OpenSession(writer: true);
        session.Execute("BEGIN");
        await Database.QueryAsync(db => db.Database.SqlQueryRaw<long>(EndOthers).SingleAsync());

        Assert.Null(Record.Exception(session.Dispose));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Use_AllSessionsInUseForTooLong_IsUnavailable(DatabaseKind kind)
    {
        await OpenAsync(kind);
        using SessionPool pool = new(Database.Dialect, () => Database.Dialect.OpenSession(writer: false), max: 1, patience: TimeSpan.FromMilliseconds(50));
        using ManualResetEventSlim release = new();
        using SemaphoreSlim begun = new(0);
        Task holder = Task.Run(() =>
            pool.Use(_ =>
            {
                begun.Release();
                release.Wait();
                return 0;
            })
        );
        await begun.WaitAsync();

        Task<long?> late = Task.Run(() => pool.Use(Ask));
        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => late.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("The database is too slow now: no connection was free for 0.05 s (in use: 1).", refused.Message);

        // Whoever gave up has not used up a turn.
        release.Set();
        await holder;
        Assert.Equal(1, pool.Use(Ask));

        static long? Ask(StoreSession session) => session.Number("SELECT 1");
    }
}
