using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Lanes;

/// <summary>specification §17, clock moved: the real lane, planner, store and sweep on a wall clock that is set while they run.</summary>
public sealed class ClockStepTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly TestDatabase _database = TestDatabase.New();
    private Receiver _receiver = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = _ => 500;
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task StartAsync()
    {
        ClockScheduler scheduler = new(_clock);
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Clock = _clock,
                Database = _database,
                Quartz = false,
                Settings = new Dictionary<string, string?> { ["AutoDisable:ConsecutiveServerErrors"] = "0" },
                Services = scheduler.Replace,
            }
        );
        scheduler.Lane = _app.Get<DeliveryLane>().RunAsync;
    }

    // A lane that was ending when the clock moved plans itself for a time that is over: its timer fires when the clock is moved again.
    private Task ArrivesAsync(Guid eventId) =>
        Eventually.TrueAsync(async () =>
        {
            _clock.Advance(TimeSpan.Zero);
            return (await _app.DeliveryOfAsync(eventId)).Text("status") == "succeeded";
        });

    private Task SweepAsync() => _app.Get<Sweep>().RunAsync();

    [Fact]
    public async Task SetBack_PlannedRetry_KeepsItsDelay()
    {
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 60 });
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "retrying");
        await SweepAsync();
        _receiver.Answer = _ => 200;
        _clock.Step(TimeSpan.FromHours(-3));
        await SweepAsync();
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), (await _app.DeliveryOfAsync(id)).Time("nextAttemptAt"));

        // The step is seen once: the next sweep moves nothing.
        await SweepAsync();
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), (await _app.DeliveryOfAsync(id)).Time("nextAttemptAt"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await SweepAsync();
        await ArrivesAsync(id);
        Assert.Equal(2, _receiver.Count);
    }

    [Fact]
    public async Task SetBack_WhileTheProcessWasAway_RetryAndFirstAttemptDoNotStall()
    {
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 60 }, more: new { maxInFlight = 1 });
        Guid retried = await _app.PostEventAsync();
        await _app.DeliveryAsync(retried, "retrying");
        TaskCompletionSource gate = new();
        _receiver.Answer = _ => new Reply(200, After: gate.Task);
        await _app.PostEventAsync();
        await _receiver.ReceivedAsync(2);
        Guid pending = await _app.PostEventAsync();
        Task stop = _app.StopAsync();

        // Else the lane may begin the next attempt.
        CancellationToken stopping = _app.Get<IHostApplicationLifetime>().ApplicationStopping;
        await Eventually.TrueAsync(() => stopping.IsCancellationRequested);
        gate.SetResult();
        await stop;

        _receiver.Answer = _ => 200;
        _clock.Step(TimeSpan.FromHours(-3));
        await StartAsync();
        await SweepAsync();
        await ArrivesAsync(pending);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), (await _app.DeliveryOfAsync(retried)).Time("nextAttemptAt"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await SweepAsync();
        await ArrivesAsync(retried);
        Assert.Equal(4, _receiver.Count);
    }

    [Fact]
    public async Task SetForward_PlannedRetries_GoOutOnceAndArePlannedByTheNewTime()
    {
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 600, 600, 600, 600 });
        Guid[] ids = [await _app.PostEventAsync(), await _app.PostEventAsync(), await _app.PostEventAsync()];
        foreach (Guid id in ids)
        {
            await _app.DeliveryAsync(id, "retrying");
        }

        await SweepAsync();
        _clock.Step(TimeSpan.FromHours(5));
        await SweepAsync();
        foreach (Guid id in ids)
        {
            JsonElement delivery = await _app.DeliveryAsync(id, d => d.GetProperty("attemptCount").GetInt32() == 2);
            Assert.Equal(_clock.GetUtcNow().AddSeconds(600), delivery.Time("nextAttemptAt"));
        }

        // Nothing more until then, however often it is swept.
        await SweepAsync();
        _clock.Advance(TimeSpan.FromSeconds(590));
        await SweepAsync();
        Assert.Empty(_app.Get<DeliveryStore>().WebhooksWithWork(_clock.GetUtcNow()));
        Assert.Equal(6, _receiver.Count);
    }
}
