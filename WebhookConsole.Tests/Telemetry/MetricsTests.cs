using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Domain;
using WebhookConsole.Telemetry;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Telemetry;

/// <summary>The figures of the engine, as a listener in the process gets them (specification §13).</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_FailureAndRetry_AreCountedByClassAndTrigger()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => r.Number == 1 ? 503 : 200;
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        await app.CreateWebhookAsync(receiver.Url, retrySchedule: new[] { 1 });
        Guid id = await app.PostEventAsync();
        await app.DeliveryAsync(id, "succeeded");

        Assert.Equal(1, metrics.Sum("webhookconsole.events.accepted", "webhookconsole.event.duplicate=False"));
        Assert.Equal(1, metrics.Sum("webhookconsole.attempts", "webhookconsole.attempt.trigger=automatic error.type=http_5xx"));
        Assert.Equal(1, metrics.Sum("webhookconsole.attempts", "webhookconsole.attempt.trigger=automatic"));
        Assert.Equal(1, metrics.Count("webhookconsole.first_attempt.delay"));
        Assert.Equal(1, metrics.Sum("webhookconsole.retries.planned"));
        Assert.Equal(0, metrics.Sum("webhookconsole.deliveries.failed"));
        Assert.Equal(2, metrics.Count("webhookconsole.attempt.duration") + metrics.Count("webhookconsole.attempt.duration", "error.type=http_5xx"));
        Assert.True(metrics.Count("webhookconsole.commit.duration") >= 3);
        Assert.Equal(0, metrics.Last("webhookconsole.attempts.in_flight"));
    }

    [Fact]
    public async Task Metrics_DeliveryThatFailsAgain_IsCountedOnce()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 400;
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        await app.CreateWebhookAsync(receiver.Url, retrySchedule: "none");
        JsonElement failed = await app.DeliveryAsync(await app.PostEventAsync(), "failed");
        await Eventually.TrueAsync(() => metrics.Sum("webhookconsole.deliveries.failed") == 1);
        (await app.PostAsync($"deliveries/{failed.Id()}/replay")).Expect(HttpStatusCode.OK);
        object everything = new
        {
            since = failed.Time("createdAt").AddDays(-1),
            until = failed.Time("createdAt").AddDays(1),
            statuses = new[] { "failed" },
        };
        Guid recovery = (await app.PostAsync("recoveries", everything)).Expect(HttpStatusCode.Accepted).Json.Id();
        await Eventually.TrueAsync(async () => (await app.GetAsync($"recoveries/{recovery}")).Json.Text("status") == "completed");
        Assert.Equal(1, metrics.Sum("webhookconsole.attempts", "webhookconsole.attempt.trigger=recover error.type=http_4xx"));
        Assert.Equal(1, metrics.Sum("webhookconsole.deliveries.failed"));
    }

    [Fact]
    public async Task Metrics_RepeatedEvent_IsCountedAsDuplicate()
    {
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        await app.PostAsync(
            "events",
            new
            {
                type = "a",
                payload = 1,
                id = "once",
            }
        );
        await app.PostAsync(
            "events",
            new
            {
                type = "a",
                payload = 1,
                id = "once",
            }
        );
        Assert.Equal(1, metrics.Sum("webhookconsole.events.accepted", "webhookconsole.event.duplicate=False"));
        Assert.Equal(1, metrics.Sum("webhookconsole.events.accepted", "webhookconsole.event.duplicate=True"));
    }

    [Fact]
    public async Task Metrics_WebhookIsDisabledByItself_ChangeOfStateIsCounted()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 410;
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        await app.CreateWebhookAsync(receiver.Url, retrySchedule: "none");
        await app.DeliveryAsync(await app.PostEventAsync(), "failed");
        await Eventually.TrueAsync(() => metrics.Sum("webhookconsole.webhook.state_changes", "webhookconsole.webhook.state=error") == 1);
        Assert.Equal(1, metrics.Sum("webhookconsole.deliveries.failed"));
    }

    [Fact]
    public async Task Metrics_Queue_IsWhatSamplerAndSweepSaw()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        using Listener metrics = new(app);
        await app.CreateWebhookAsync("http://127.0.0.1:9/");
        await app.PostEventAsync();
        await app.PostEventAsync();
        clock.Advance(TimeSpan.FromSeconds(90));
        await app.Get<BacklogSampler>().RunAsync(CancellationToken.None);
        await app.Get<Sweep>().RunAsync();
        Assert.Equal(2, metrics.Last("webhookconsole.queue.depth"));
        Assert.Equal(90, metrics.Last("webhookconsole.queue.oldest_due.age"));
    }

    [Fact]
    public async Task Metrics_Recovery_EachChangeOfItsStatusIsCounted()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => r.Number == 1 ? 500 : 200;
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        await app.CreateWebhookAsync(receiver.Url, retrySchedule: "none");
        DateTimeOffset made = (await app.DeliveryAsync(await app.PostEventAsync(), "failed")).Time("createdAt");
        await app.PostAsync(
            "recoveries",
            new
            {
                since = Rfc3339.Write(made.AddMinutes(-1)),
                until = Rfc3339.Write(made.AddMinutes(1)),
                statuses = new[] { "failed" },
            }
        );
        await Eventually.TrueAsync(() => metrics.Sum("webhookconsole.recovery.state_changes", "webhookconsole.recovery.status=completed") == 1);
        Assert.Equal(1, metrics.Sum("webhookconsole.recovery.state_changes", "webhookconsole.recovery.status=running"));
        Assert.Equal(1, metrics.Sum("webhookconsole.attempts", "webhookconsole.attempt.trigger=recover"));
    }

    [Fact]
    public async Task Metrics_Attributes_HaveFewValues()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();
        using Listener metrics = new(app);
        Guid webhook = (await app.CreateWebhookAsync(receiver.Url)).GetProperty("id").GetGuid();
        foreach (int i in Enumerable.Range(0, 5))
        {
            await app.DeliveryAsync(await app.PostEventAsync($"type.{i}"), "succeeded");
        }

        Assert.DoesNotContain(metrics.Series, s => s.Contains("type.", StringComparison.Ordinal) && !s.Contains("error.type", StringComparison.Ordinal));
        Assert.DoesNotContain(metrics.Series, s => s.Contains(webhook.ToString(), StringComparison.Ordinal));
        Assert.True(metrics.Series.Count < 40, string.Join('\n', metrics.Series));
    }

    /// <summary>Listens to the meter of one application.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Series, double Value)> _values = new();

        public Listener(TestApp app)
        {
            IMeterFactory own = app.Get<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Meter.Scope == own)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
            _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
            _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
            _listener.Start();
        }

        public IReadOnlyList<string> Series => [.. _values.Select(v => v.Series).Distinct(StringComparer.Ordinal)];

        public double Sum(string name, string tags = "") => Of(name, tags).Sum();

        public int Count(string name, string tags = "") => Of(name, tags).Count();

        public double Last(string name)
        {
            _listener.RecordObservableInstruments();
            return Of(name, "").Last();
        }

        public void Dispose() => _listener.Dispose();

        private IEnumerable<double> Of(string name, string tags) => _values.Where(v => v.Series == $"{name} {tags}").Select(v => v.Value);

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            List<string> words = [];
            foreach ((string key, object? word) in tags)
            {
                words.Add($"{key}={word}");
            }

            _values.Enqueue(($"{instrument.Name} {string.Join(' ', words)}", value));
        }
    }
}
