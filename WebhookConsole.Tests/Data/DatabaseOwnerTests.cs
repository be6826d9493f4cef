using Microsoft.Extensions.Hosting;
using Npgsql;
using WebhookConsole.Data;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

/// <summary>Only one process serves from a PostgreSQL database.</summary>
public sealed class DatabaseOwnerTests
{
    private const string OfOwner = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'WebhookConsole on %'";

    [PostgresFact]
    public async Task Start_DatabaseInUse_IsRefusedAndTheFirstGoesOn()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp first = await TestApp.StartAsync(new TestAppSetup { Database = database });

        DatabaseInUseException refused = await RefusedAsync(database);

        Assert.Contains($"(process {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
        await first.CreateWebhookAsync(receiver.Url);
        await first.DeliveryAsync(await first.PostEventAsync(), "succeeded");
        await first.StopAsync();
        await using TestApp next = await TestApp.StartAsync(new TestAppSetup { Database = database });
    }

    [PostgresFact]
    public async Task LostConnection_NobodyElseCame_TakesTheDatabaseAgain()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        int lost = await AskAsync<int>(database, $"SELECT pid {OfOwner}");
        await AskAsync<bool>(database, $"SELECT pg_terminate_backend({lost})");

        await Eventually.TrueAsync(async () => await AskAsync<long>(database, $"SELECT COUNT(*) {OfOwner} AND pid <> {lost}") == 1);
        await RefusedAsync(database);
    }

    [PostgresFact]
    public async Task LostConnection_AnotherTookTheDatabase_EndsTheApplication()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        using SemaphoreSlim stopping = new(0);
        app.Get<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.Release());

        // This connection waits for the lock before it is free, so it gets the lock and the application does not.
        await using NpgsqlConnection other = new(database.ConnectionString);
        await other.OpenAsync();
        await using NpgsqlCommand take = new(
            $"SELECT pg_terminate_backend(pid) {OfOwner}; SELECT pg_advisory_lock((l.classid::bigint << 32) | l.objid::bigint) FROM (SELECT 1466262120 AS classid, 1869572931 AS objid) l",
            other
        );
        await take.ExecuteNonQueryAsync();

        Assert.True(await stopping.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.NotNull(app.Get<DatabaseOwner>().TakenOver);
    }

    /// <summary>Starts the application on this database once more, with a data folder of its own.</summary>
    private static async Task<DatabaseInUseException> RefusedAsync(TestDatabase database)
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-second-").FullName;
        Dictionary<string, string?> settings = new(StringComparer.Ordinal) { ["Storage:Directory"] = folder };
        try
        {
            return await Assert.ThrowsAsync<DatabaseInUseException>(() => TestApp.StartAsync(new TestAppSetup { Database = database, Settings = settings }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<T> AskAsync<T>(TestDatabase database, string question)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(question, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
