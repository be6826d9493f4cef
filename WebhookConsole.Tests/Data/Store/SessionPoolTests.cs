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
}
