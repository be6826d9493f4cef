using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Health;

/// <summary><c>/health/ready</c> is red while nothing goes out, and green as soon as the reason has gone (specification §13, §17).</summary>
public sealed class EngineReadyTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Ready_SchedulerIsSilent_IsRedUntilAJobEnds()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromMinutes(4));
        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.ServiceUnavailable);
        (await app.GetAsync("/health/live")).Expect(HttpStatusCode.OK);
        app.Get<JobHealth>().Succeeded("sweep");
        Assert.Equal("Healthy", (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Ready_QueueIsStuck_IsRedAndGreenBeforeTheNextSweep()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        await app.CreateWebhookAsync("http://127.0.0.1:9/");
        await app.PostEventAsync();
        clock.Advance(s_second);
        await app.Get<Sweep>().RunAsync();
        clock.Advance(StuckQueues.Limit);
        await app.Get<Sweep>().RunAsync();
        app.Get<JobHealth>().Succeeded("sweep");
        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.ServiceUnavailable);
        await app.QueryAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE deliveries SET status = 5, next_attempt_at = NULL"));
        Assert.Equal("Healthy", (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK).Text);
        Assert.Empty(app.Get<StuckQueues>().Webhooks);
    }

    [PostgresFact]
    public async Task Ready_ReadOnlyDatabase_RefusesEventsUntilItIsWritableAgain()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        string connection = database.Settings["Storage:ConnectionString"]!;
        await SetReadOnlyAsync(connection, "on");
        ApiAnswer refused = await app.PostAsync("events", new { type = "a", payload = 1 });
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.ServiceUnavailable);
        await SetReadOnlyAsync(connection, "off");
        await Eventually.TrueAsync(async () => (await app.GetAsync("/health/ready")).Status == HttpStatusCode.OK, deadline: s_second);
        await Eventually.TrueAsync(async () => (await app.PostAsync("events", new { type = "a", payload = 1 })).Status == HttpStatusCode.Accepted);
    }

    // The setting counts for new connections, so the ones that are open are ended.
    private static async Task SetReadOnlyAsync(string connection, string state)
    {
        NpgsqlConnectionStringBuilder admin = new(connection) { Pooling = false };
        string name = admin.Database!;
        admin.Database = "postgres";
        await using NpgsqlConnection server = new(admin.ToString());
        await server.OpenAsync();
        foreach (
            string statement in new[]
            {
                $"ALTER DATABASE \"{name}\" SET default_transaction_read_only = {state}",
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            }
        )
        {
            await using NpgsqlCommand command = new(statement, server);
            await command.ExecuteNonQueryAsync();
        }
    }
}
