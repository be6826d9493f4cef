using System.Net;
using System.Text.Json;
using Npgsql;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Where transactions run side by side, an event must not be held for a webhook that is being enabled at that moment.</summary>
public sealed class HeldRaceTests
{
    [PostgresFact]
    public async Task Event_WhileItsWebhookIsBeingEnabled_WaitsAndIsNotHeld()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database, Quartz = false });
        JsonElement webhook = await app.CreateWebhookAsync(receiver.Url, more: new { enabled = false });
        Guid id = webhook.GetProperty("id").GetGuid();

        await using NpgsqlConnection enabling = new(database.ConnectionString);
        await enabling.OpenAsync();
        await using NpgsqlTransaction transaction = await enabling.BeginTransactionAsync();
        await using NpgsqlCommand enable = new("UPDATE webhooks SET enabled = true WHERE id = $1", enabling, transaction)
        {
            Parameters = { new() { Value = id } },
        };
        await enable.ExecuteNonQueryAsync();
        Task<Guid> posting = app.PostEventAsync();
        await Eventually.TrueAsync(() => IsWaitingAsync(database));
        await transaction.CommitAsync();

        JsonElement delivery = await app.DeliveryOfAsync(await posting);
        Assert.Equal("pending", delivery.GetProperty("status").GetString());
    }

    [PostgresFact]
    public async Task Enabling_WhileAnEventIsBeingHeld_WaitsAndSendsIt()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database, Quartz = false });
        JsonElement webhook = await app.CreateWebhookAsync(receiver.Url, more: new { enabled = false });
        Guid id = webhook.GetProperty("id").GetGuid();
        Guid posted = await app.PostEventAsync();

        // As if the delivery were not there before the transaction that holds it.
        await using NpgsqlConnection holding = new(database.ConnectionString);
        await holding.OpenAsync();
        await RunAsync(holding, $"UPDATE deliveries SET status = {(int)DeliveryStatus.Cancelled}");
        await using NpgsqlTransaction transaction = await holding.BeginTransactionAsync();
        await RunAsync(holding, "SELECT 1 FROM webhooks FOR SHARE");
        await RunAsync(holding, $"UPDATE deliveries SET status = {(int)DeliveryStatus.Held}");
        Task<ApiAnswer> enabling = app.PatchAsync($"webhooks/{id}", new { enabled = true, held = new { action = "send" } });
        await Eventually.TrueAsync(() => IsWaitingAsync(database));
        await transaction.CommitAsync();

        (await enabling).Expect(HttpStatusCode.OK);
        JsonElement delivery = await app.DeliveryOfAsync(posted);
        Assert.Equal("pending", delivery.GetProperty("status").GetString());
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> IsWaitingAsync(TestDatabase database)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand ask = new(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
            connection
        );
        return (bool)(await ask.ExecuteScalarAsync())!;
    }
}
