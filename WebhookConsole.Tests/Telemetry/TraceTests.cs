using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using WebhookConsole.Telemetry;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Telemetry;

/// <summary>The trace of the posting request leads to the attempts (specification §13).</summary>
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is EngineTraces.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Attempt_OfTracedRequest_IsLinkedToItAlsoWhenItIsARetry()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => r.Number == 1 ? 500 : 200;
        await using TestApp app = await TestApp.StartAsync();
        await app.CreateWebhookAsync(receiver.Url + "/credential-in-the-path?token=credential-in-the-query", retrySchedule: new[] { 1 });
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ApiAnswer posted = await app.SendAsync(
            HttpMethod.Post,
            "events",
            new { type = "order.created", payload = 1 },
            change: r => r.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01")
        );
        Guid id = posted.Expect(HttpStatusCode.Accepted).Json.Id();
        string delivery = (await app.DeliveryAsync(id, "succeeded")).Text("id")!;

        await Eventually.TrueAsync(() => AttemptsOf(delivery).Length == 2);
        Activity[] attempts = AttemptsOf(delivery);
        Assert.All(attempts, a => Assert.Equal(trace, Assert.Single(a.Links).Context.TraceId));
        Assert.All(attempts, a => Assert.NotEqual(trace, a.TraceId));
        Assert.All(attempts, a => Assert.DoesNotContain(a.TagObjects, t => t.Value?.ToString()?.Contains("credential", StringComparison.Ordinal) == true));
        Assert.Equal("http_5xx", attempts[0].GetTagItem("error.type"));
        Assert.Equal(200, attempts[1].GetTagItem("http.response.status_code"));
        Assert.Equal(ActivityStatusCode.Error, attempts[0].Status);
        Assert.All(receiver.Requests, r => Assert.Equal("", r.Header("traceparent")));
    }

    [Fact]
    public async Task Test_OfRequest_BelongsToItsTrace()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();
        Guid webhook = (await app.CreateWebhookAsync(receiver.Url)).Id();
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ApiAnswer tested = await app.SendAsync(
            HttpMethod.Post,
            $"webhooks/{webhook}/test",
            new { },
            change: r => r.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01")
        );
        string delivery = tested.Expect(HttpStatusCode.OK).Json.Text("id")!;
        Assert.Equal(trace, Assert.Single(AttemptsOf(delivery)).TraceId);
    }

    private Activity[] AttemptsOf(string delivery) => [.. _ended.Where(a => a.GetTagItem("webhookconsole.delivery.id")?.ToString() == delivery)];
}
