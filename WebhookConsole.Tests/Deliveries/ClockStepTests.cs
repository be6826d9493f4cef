using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>SPEC §17, clock moved: the real lane, planner, store and sweep on a wall clock that is set while they run.</summary>
public sealed class ClockStepTests : IAsyncLifetime
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(30);

    private readonly FakeClock _clock = new();
    private readonly TestDatabase _database = TestDatabase.Sqlite();
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
                Services = services => services.RemoveAll<ILaneScheduler>().AddSingleton<ILaneScheduler>(scheduler),
            }
        );
        scheduler.Lane = _app.Get<DeliveryLane>().RunAsync;
    }

    // Seconds on the monotonic clock until the delivery is as wanted, with the sweep at its times and the timers between.
    private async Task<double> SecondsUntilAsync(Guid eventId, string status)
    {
        long start = _clock.GetTimestamp();
        JsonElement delivery = default;
        TimeSpan swept = TimeSpan.Zero;
        await _app.Get<Sweep>().RunAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                delivery = await _app.DeliveryOfAsync(eventId);
                if (delivery.Text("status") == status)
                {
                    return true;
                }

                _clock.Advance(TimeSpan.FromSeconds(1));
                if (_clock.GetElapsedTime(start) - swept >= s_sweep)
                {
                    swept = _clock.GetElapsedTime(start);
                    await _app.Get<Sweep>().RunAsync();
                }

                return false;
            },
            () => $"{_clock.GetElapsedTime(start)}: {delivery}"
        );
        return _clock.GetElapsedTime(start).TotalSeconds;
    }

    [Fact]
    public async Task SetBack_PlannedRetry_StallsNoLongerThanItsDelayAndASweep()
    {
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 60 });
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "retrying");
        await _app.Get<Sweep>().RunAsync();
        _receiver.Answer = _ => 200;
        _clock.Step(TimeSpan.FromHours(-3));
        Assert.InRange(await SecondsUntilAsync(id, "succeeded"), 55, 60 + 2 * s_sweep.TotalSeconds);
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
        gate.SetResult();
        await stop;

        _receiver.Answer = _ => 200;
        _clock.Step(TimeSpan.FromHours(-3));
        await StartAsync();
        Assert.InRange(await SecondsUntilAsync(pending, "succeeded"), 0, 30);
        Assert.InRange(await SecondsUntilAsync(retried, "succeeded"), 0, 60 + 2 * s_sweep.TotalSeconds);
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

        await _app.Get<Sweep>().RunAsync();
        _clock.Step(TimeSpan.FromHours(5));
        await _app.Get<Sweep>().RunAsync();
        foreach (Guid id in ids)
        {
            JsonElement delivery = await _app.DeliveryAsync(id, d => d.GetProperty("attemptCount").GetInt32() == 2);
            Assert.Equal(_clock.GetUtcNow().AddSeconds(600), delivery.Time("nextAttemptAt"));
        }

        // Nothing more until then, however often it is swept.
        await _app.Get<Sweep>().RunAsync();
        _clock.Advance(TimeSpan.FromSeconds(590));
        await _app.Get<Sweep>().RunAsync();
        Assert.Empty(_app.Get<DeliveryStore>().WebhooksWithWork(_clock.GetUtcNow()));
        Assert.Equal(6, _receiver.Count);
    }
}
