using System.Net;
using Microsoft.Data.Sqlite;
using WebhookConsole.Deliveries;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Health;

/// <summary><c>/health/ready</c> follows the database at once, in both directions (specification §17).</summary>
public sealed class ReadyTests
{
    private static readonly object s_event = new { type = "order.created", payload = new string('x', 200_000) };

    [SqliteFact("the lock of its file")]
    public async Task Ready_LockIsGone_IsGreenAtOnce()
    {
        await using TestApp app = await TestApp.StartAsync();
        await using (SqliteConnection other = new($"Data Source={app.Database.SqliteFile};Pooling=False"))
        {
            await other.OpenAsync();
            await using SqliteCommand begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            AssertRefused(await app.PostAsync("events", s_event));
        }

        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK);
        (await app.PostAsync("events", s_event)).Expect(HttpStatusCode.Accepted);
    }

    [SqliteFact("the lock of its file")]
    public async Task Overview_LockedDatabase_IsToldWithoutAnybodyWriting()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        EngineHealth engine = app.Get<EngineHealth>();
        await using (SqliteConnection other = new($"Data Source={app.Database.SqliteFile};Pooling=False"))
        {
            await other.OpenAsync();
            await using SqliteCommand begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            await engine.ProbeAsync();
            Assert.Equal("The database takes no writes", Assert.Single(engine.Shown).Title);
            Assert.Empty(engine.Problems);
        }

        await engine.ProbeAsync();
        Assert.Empty(engine.Shown);
    }

    [SmallDiskFact]
    public async Task Ready_FullDisk_IsRedUntilThereIsRoomAgain()
    {
        using SmallDisk disk = SmallDisk.Mount(megabytes: 12);
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Storage:Directory"] = Path.Combine(disk.Folder, "data") } }
        );
        using (disk.Fill(left: 64 * 1024))
        {
            ApiAnswer refused = await app.PostAsync("events", s_event);
            AssertRefused(refused);
            (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.ServiceUnavailable);
            (await app.GetAsync("/health/live")).Expect(HttpStatusCode.OK);
        }

        (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK);
        (await app.PostAsync("events", s_event)).Expect(HttpStatusCode.Accepted);
    }

    private static void AssertRefused(ApiAnswer answer)
    {
        answer.ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
