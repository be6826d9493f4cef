using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Quartz;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Jobs;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Jobs;

/// <summary>The background jobs as the scheduler of the product runs them.</summary>
public sealed class JobsTests
{
    private static async Task RunNowAsync(TestApp app, string job)
    {
        IScheduler scheduler = await app.Get<ISchedulerFactory>().GetScheduler();
        await scheduler.TriggerJob(new JobKey(job));
    }

    private static Task<int> RenameAsync(TestApp app, string what, string name)
    {
        string statement = $"ALTER TABLE {what} TO {name}";
        return app.QueryAsync(db => db.Database.ExecuteSqlRawAsync(statement));
    }

    private static JobState? StateOf(TestApp app, string name) => app.Get<JobHealth>().All.SingleOrDefault(j => j.Name == name);

    private static async Task<string> ReadyAsync(TestApp app) => (await app.GetAsync("/health/ready")).Expect(HttpStatusCode.OK).Text;

    [Theory]
    [InlineData("RetentionJob", "retention", "", "deliveries")]
    [InlineData("BacklogJob", "backlog", "", "deliveries")]
    // Readiness itself reads the secrets, but not this column.
    [InlineData("SecretExpiryJob", "secret expiry", "webhook_secrets RENAME COLUMN ", "expires_at")]
    [InlineData("SweepJob", "sweep", "", "deliveries")]
    public async Task Job_FailsAndRecovers_IsReportedAndRunsAgain(string job, string name, string within, string what)
    {
        await using TestApp app = await TestApp.StartAsync();

        // At start all of them run.
        await Eventually.TrueAsync(() => StateOf(app, name) is { LastSuccess: not null });
        await RenameAsync(app, within.Length > 0 ? within + what : what + " RENAME", "away");
        for (int failures = 1; failures <= JobState.Repeated; failures++)
        {
            Assert.Equal("Healthy", await ReadyAsync(app));
            await RunNowAsync(app, job);
            await Eventually.TrueAsync(() => StateOf(app, name)!.FailuresInARow == failures, () => StateOf(app, name)!.ToString());
        }

        Assert.Equal("Degraded", await ReadyAsync(app));
        Assert.Contains(what, StateOf(app, name)!.LastError, StringComparison.Ordinal);
        Assert.Equal(JobState.Repeated, app.Log.Errors.Count(l => l.Contains($"The job {name} failed and will run again", StringComparison.Ordinal)));

        await RenameAsync(app, within.Length > 0 ? within + "away" : "away RENAME", what);
        await RunNowAsync(app, job);
        await Eventually.TrueAsync(() => StateOf(app, name)!.FailuresInARow == 0);
        Assert.Equal("Healthy", await ReadyAsync(app));
    }

    [Fact]
    public async Task Runner_CancelledByItsOwnWork_IsAFailure()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Quartz = false });
        await app.Get<JobRunner>().RunAsync("odd", _ => throw new OperationCanceledException());
        Assert.Equal(1, StateOf(app, "odd")!.FailuresInARow);
    }

    [Fact]
    public async Task Stop_InTheMiddleOfRetention_DoesNotWaitForItsEnd()
    {
        const int Old = 20_000;
        await using TestDatabase database = TestDatabase.New();
        TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        await Eventually.TrueAsync(() => StateOf(app, "retention") is { LastSuccess: not null });
        Guid project = await app.ProjectIdAsync();
        DateTimeOffset longAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (DateTimeOffset[] times in Enumerable.Range(0, Old).Select(i => longAgo.AddSeconds(i)).Chunk(1000))
        {
            await app.Get<DeliveryStore>().AddEventsAsync([.. times.Select(t => OldEvent(project, t))]);
        }

        await RunNowAsync(app, "RetentionJob");
        await Eventually.TrueAsync(async () => await CountAsync(app) < Old);
        long start = Stopwatch.GetTimestamp();
        await app.StopAsync();

        // The whole of it takes longer than that many rests.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await using TestApp again = await TestApp.StartAsync(new TestAppSetup { Database = database, Quartz = false });
        Assert.InRange(await CountAsync(again), 1, Old - 1);
        Assert.Empty(app.Log.Errors);
    }

    private static Task<int> CountAsync(TestApp app) => app.QueryAsync(db => db.Events.CountAsync());

    private static NewEvent OldEvent(Guid project, DateTimeOffset at) =>
        new(
            new WebhookEvent
            {
                Id = Ids.New(at),
                ProjectId = project,
                Type = "order.created",
                Payload = "1"u8.ToArray(),
                CreatedAt = at,
            },
            [],
            NewType: false
        );
}
