using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Lanes;

/// <summary>Wakes: that they come when something is due, and that the sweep makes up for those that were lost.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly ScriptedScheduler _scheduler = new();
    private TestApp _app = null!;
    private Guid _webhook;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Clock = _clock,
                Quartz = false,
                Services = services => services.RemoveAll<ILaneScheduler>().AddSingleton<ILaneScheduler>(_scheduler),
            }
        );
        _webhook = (await _app.CreateWebhookAsync("http://127.0.0.1:9/")).Id();
        _scheduler.Woken.Clear();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private Task SweepAsync() => _app.Get<Sweep>().RunAsync();

    private Task<int> ExecuteAsync(string statement) => _app.QueryAsync(db => db.Database.ExecuteSqlRawAsync(statement));

    // Due in an hour, as after a failed attempt of a process that has ended since.
    private async Task PlanARetryAsync()
    {
        await _app.PostEventAsync();
        DateTimeOffset next = _clock.GetUtcNow().AddHours(1);
        await _app.QueryAsync(db =>
            db.Deliveries.ExecuteUpdateAsync(s => s.SetProperty(d => d.Status, DeliveryStatus.Retrying).SetProperty(d => d.NextAttemptAt, next))
        );
        _scheduler.Woken.Clear();
    }

    [Fact]
    public async Task Post_WebhookEnabledSinceItWasCached_IsWoken()
    {
        await _app.PatchAsync($"webhooks/{_webhook}", new { enabled = false });
        Assert.Equal("held", (await _app.DeliveryOfAsync(await _app.PostEventAsync())).Text("status"));
        _scheduler.Woken.Clear();

        // The table says enabled, the cache does not know yet: the moment between commit and invalidation.
        await ExecuteAsync("UPDATE webhooks SET enabled = true");
        Assert.Equal("pending", (await _app.DeliveryOfAsync(await _app.PostEventAsync())).Text("status"));
        Assert.Equal([_webhook], _scheduler.Woken);
    }

    [Fact]
    public async Task Post_HeldWebhook_WakesNobody()
    {
        await _app.PatchAsync($"webhooks/{_webhook}", new { enabled = false });
        _scheduler.Woken.Clear();
        await _app.PostEventAsync();
        Assert.Empty(_scheduler.Woken);
    }

    [Fact]
    public async Task Run_WakeWasLost_WakesTheLane()
    {
        await SweepAsync();
        _scheduler.Fails = true;
        await _app.PostEventAsync();
        await Eventually.TrueAsync(() => _app.Log.Lines.Any(l => l.Contains("the sweep will", StringComparison.Ordinal)));
        _scheduler.Fails = false;
        _scheduler.Woken.Clear();
        await SweepAsync();
        Assert.Equal([_webhook], _scheduler.Woken);
    }

    [Fact]
    public async Task Run_First_WakesAlsoWhatIsPlanned_LaterOnesOnlyWhatIsDue()
    {
        await PlanARetryAsync();
        await SweepAsync();
        Assert.Equal([_webhook], _scheduler.Woken);
        await SweepAsync();
        Assert.Equal([_webhook], _scheduler.Woken);
        _clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync();
        Assert.Equal([_webhook, _webhook], _scheduler.Woken);
    }

    [SqliteFact("the lock of its file")]
    public async Task Run_FirstFails_TheNextWakesAll()
    {
        await PlanARetryAsync();
        await ExecuteAsync("ALTER TABLE deliveries RENAME TO away");
        await Assert.ThrowsAsync<SqliteException>(SweepAsync);
        await ExecuteAsync("ALTER TABLE away RENAME TO deliveries");
        Assert.Empty(_scheduler.Woken);
        await SweepAsync();
        Assert.Equal([_webhook], _scheduler.Woken);
    }

    [SqliteFact("the lock of its file")]
    public async Task Run_LockedDatabase_StillWakes()
    {
        await _app.PostEventAsync();
        _scheduler.Woken.Clear();
        await using SqliteConnection locker = new($"Data Source={_app.Database.SqliteFile};Pooling=False");
        await locker.OpenAsync();
        await using SqliteCommand begin = locker.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();

        // The first sweep has to write too; that it could not is for the job to report, and does not keep anybody asleep.
        await Assert.ThrowsAsync<StoreUnavailableException>(SweepAsync);
        Assert.Equal([_webhook], _scheduler.Woken);
    }

    /// <summary>Notes who was woken; loses the wakes when told to.</summary>
    [Fact]
    public async Task Run_OldestDueDeliveryNeverMoves_IsReportedUntilItDoes()
    {
        async Task<string> ReadyAsync()
        {
            // The jobs do not run here; a run of any of them is what the scheduler is judged by.
            _app.Get<JobHealth>().Succeeded("sweep");
            return (await _app.GetAsync("/health/ready")).Text;
        }

        await _app.PostEventAsync();
        await SweepAsync();
        _clock.Advance(StuckQueues.Limit - TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Equal("Healthy", await ReadyAsync());

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Unhealthy", await ReadyAsync());
        Assert.Equal("Deliveries are stuck", Assert.Single(_app.Get<EngineHealth>().Problems).Title);

        // It goes out and another one comes: a queue that moves.
        await _app.QueryAsync(db => db.Deliveries.ExecuteUpdateAsync(s => s.SetProperty(d => d.Status, DeliveryStatus.Succeeded)));
        await _app.PostEventAsync();
        await SweepAsync();
        Assert.Equal("Healthy", await ReadyAsync());
    }

    [Fact]
    public async Task Ready_NoJobEndsForMinutes_SaysThatTheSchedulerStandsStill()
    {
        _app.Get<JobHealth>().Succeeded("sweep");
        Assert.Equal("Healthy", (await _app.GetAsync("/health/ready")).Text);
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("Unhealthy", (await _app.GetAsync("/health/ready")).Text);
        Assert.Contains("scheduler", Assert.Single(_app.Get<EngineHealth>().Problems).Title, StringComparison.Ordinal);
    }

    private sealed class ScriptedScheduler : ILaneScheduler
    {
        public List<Guid> Woken { get; } = [];

        public bool Fails { get; set; }

        public ValueTask RunAsync(Guid webhookId)
        {
            if (Fails)
            {
                throw new InvalidOperationException("The scheduler is not there.");
            }

            Woken.Add(webhookId);
            return ValueTask.CompletedTask;
        }

        public ValueTask RunAtAsync(Guid webhookId, DateTimeOffset time) => ValueTask.CompletedTask;
    }
}
