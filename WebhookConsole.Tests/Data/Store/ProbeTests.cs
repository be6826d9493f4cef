using System.Data.Common;
using WebhookConsole.Data.Store;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>The probe of the embedded database.</summary>
public sealed class ProbeTests : StoreTests
{
    [Fact]
    public async Task Probe_OfAHealthyDatabase_ReallyWrites()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        await using DbConnection other = Database.Dialect.Open();
        await using DbCommand command = other.CreateCommand();

        // Changes when another connection commits pages; a full disk refuses those and nothing less.
        command.CommandText = "PRAGMA data_version";
        object? before = await command.ExecuteScalarAsync();
        await Database.Store.ProbeAsync();
        Assert.NotEqual(before, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Probe_AfterARefusedWriteWithRoomOnTheDisk_SaysThatWritesWork()
    {
        await OpenAsync(DatabaseKind.Sqlite);
        await using (DbConnection locker = Database.Dialect.Open())
        {
            await using DbCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => Database.Store.MoveAsync(Database.WebhookId, DeliveryMove.Hold, null, StoreDatabase.Now));
        }

        await Database.Store.ProbeAsync();
    }
}
