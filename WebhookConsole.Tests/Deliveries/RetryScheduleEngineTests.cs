using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>The real lane, store and sender on a clock that the test moves: schedules of hours in no time, exact to the millisecond.</summary>
public sealed class RetryScheduleEngineTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private Receiver _receiver = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = _ => 500;
        ClockScheduler scheduler = new(_clock);
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Clock = _clock,
                Quartz = false,
                Settings = new Dictionary<string, string?> { ["AutoDisable:ConsecutiveServerErrors"] = "0" },
                Services = scheduler.Replace,
            }
        );
        scheduler.Lane = _app.Get<DeliveryLane>().RunAsync;
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    // Moves to the next timer whenever the lane waits for the clock, until the delivery is as wanted.
    private async Task<JsonElement> RunUntilAsync(Guid eventId, string status)
    {
        JsonElement delivery = default;
        await Eventually.TrueAsync(
            async () =>
            {
                delivery = await _app.DeliveryOfAsync(eventId);
                if (delivery.Text("status") == status)
                {
                    return true;
                }

                if (_clock.NextTimer is { } next)
                {
                    _clock.AdvanceTo(next);
                }

                return false;
            },
            () => delivery.ToString()
        );
        return delivery;
    }

    private static double[] Offsets(JsonElement delivery) =>
        delivery.Items("attempts").Select(a => (a.Time("startedAt") - delivery.Time("createdAt")).TotalSeconds).ToArray();

    [Theory]
    [InlineData("\"patient\"", new double[] { 0, 60, 360, 1260, 4860, 26460 })]
    [InlineData("\"brisk\"", new double[] { 0, 30, 330, 2130, 9330 })]
    [InlineData("\"standard\"", new double[] { 0, 5, 305, 2105, 9305, 27305, 63305, 99305 })]
    [InlineData("\"none\"", new double[] { 0 })]
    [InlineData("[1,7,86400]", new double[] { 0, 1, 8, 86408 })]
    public async Task Schedule_FailingReceiver_AttemptsAtExactlyItsTimes(string schedule, double[] expected)
    {
        await _app.CreateWebhookAsync(_receiver.Url, JsonDocument.Parse(schedule).RootElement);
        JsonElement delivery = await RunUntilAsync(await _app.PostEventAsync(), "failed");
        Assert.Equal(expected, Offsets(delivery));
        Assert.Equal(expected.Length, _receiver.Count);
        Assert.Equal("webhook_delivery_failed", delivery.Text("error"));
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("nextAttemptAt").ValueKind);
        Assert.Equal(Enumerable.Range(1, expected.Length), delivery.Items("attempts").Select(a => a.GetProperty("number").GetInt32()));
        Assert.Single(_receiver.Requests.Select(r => r.WebhookId).Distinct());
    }

    [Theory]
    [InlineData("600", new double[] { 0, 600, 900 })]
    [InlineData("2", new double[] { 0, 60, 360 })]
    [InlineData("999999", new double[] { 0, 86400, 86700 })]
    public async Task Schedule_RetryAfter_MovesTheNextLaterNeverEarlier(string retryAfter, double[] expected)
    {
        _receiver.Answer = r =>
            r.Number switch
            {
                1 => new Reply(429).With("Retry-After", retryAfter),
                2 => 500,
                _ => 200,
            };
        await _app.CreateWebhookAsync(_receiver.Url);
        Assert.Equal(expected, Offsets(await RunUntilAsync(await _app.PostEventAsync(), "succeeded")));
    }

    [Fact]
    public async Task Schedule_ShortenedMeanwhile_CountsForThePendingRetry()
    {
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url);
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "retrying");
        await _app.PatchAsync($"webhooks/{webhook.Id()}", new { retrySchedule = new[] { 5 } });
        JsonElement delivery = await RunUntilAsync(id, "failed");
        Assert.Equal([0, 60], Offsets(delivery));
    }

    [Fact]
    public async Task Lane_NewEventsWhileRetriesAreDue_GoFirst()
    {
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 60 }, more: new { maxInFlight = 1 });
        List<Guid> old = [await _app.PostEventAsync(), await _app.PostEventAsync(), await _app.PostEventAsync()];
        foreach (Guid id in old)
        {
            await _app.DeliveryAsync(id, "retrying");
        }

        TaskCompletionSource gate = new();
        _receiver.Answer = _ => new Reply(200, After: gate.Task);
        List<Guid> fresh = [await _app.PostEventAsync()];
        await _receiver.ReceivedAsync(4);
        fresh.Add(await _app.PostEventAsync());
        fresh.Add(await _app.PostEventAsync());
        _clock.Advance(TimeSpan.FromSeconds(60));
        gate.SetResult();
        IReadOnlyList<ReceivedRequest> requests = await _receiver.ReceivedAsync(9);
        Assert.Equal(fresh.Concat(old).Select(id => id.ToString()), requests.Skip(3).Select(r => r.WebhookId));
    }

    [Fact]
    public async Task AutoDisable_FailingForTooLong_Disables()
    {
        // 120 h without a success, though no five server errors in a row are needed.
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url, Enumerable.Repeat(86400, 6).ToArray());
        JsonElement delivery = await RunUntilAsync(await _app.PostEventAsync(), "held");
        Assert.Equal([0, 86400, 172800, 259200, 345600, 432000], Offsets(delivery));
        Assert.Equal("error", (await _app.GetAsync($"webhooks/{webhook.Id()}")).Json.Text("state"));
        Assert.Equal(1, await _app.QueryAsync(db => db.AuditEntries.CountAsync(a => a.Action == AuditActions.WebhookAutoDisabled)));
    }
}
