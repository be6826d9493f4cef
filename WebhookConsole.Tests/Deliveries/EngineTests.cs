using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Data;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>The engine as it runs: the real application, its scheduler, real receivers and the real clock.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private Receiver _receiver = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _app = await TestApp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async Task<JsonElement> WebhookAsync(Guid id) => (await _app.GetAsync($"webhooks/{id}")).Expect(HttpStatusCode.OK).Json;

    private Task StateAsync(Guid id, string state) =>
        Eventually.TrueAsync(async () => (await WebhookAsync(id)).Text("state") == state, () => "Wanted " + state);

    private Task<ApiAnswer> SetEnabledAsync(Guid id, bool enabled) => _app.PatchAsync($"webhooks/{id}", new { enabled });

    private Task<int> AuditCountAsync(string action) => _app.QueryAsync(db => db.AuditEntries.CountAsync(a => a.Action == action));

    // One event that the receiver answers with a status, recorded.
    private async Task<JsonElement> FailWithAsync(int status)
    {
        _receiver.Answer = _ => status;
        return await _app.DeliveryAsync(await _app.PostEventAsync(), d => d.GetProperty("attemptCount").GetInt32() == 1);
    }

    [Fact]
    public async Task Retry_FlakyReceiver_ArrivesOnTheThirdAttemptSignedAnew()
    {
        _receiver.Answer = r => r.Number < 3 ? 503 : 200;
        await _app.CreateWebhookAsync(_receiver.Url, new[] { 1, 1 });
        Guid id = await _app.PostEventAsync();
        JsonElement delivery = await _app.DeliveryAsync(id, "succeeded");

        IReadOnlyList<ReceivedRequest> requests = _receiver.Requests;
        Assert.Equal(3, requests.Count);
        Assert.All(requests, r => Assert.Equal(id.ToString(), r.WebhookId));
        Assert.Equal(3, requests.Select(r => r.Header("webhook-timestamp")).Distinct().Count());
        Assert.Equal(3, requests.Select(r => r.Header("webhook-signature")).Distinct().Count());
        Assert.Equal(3, requests.Select(r => r.Header("X-Request-Id")).Distinct().Count());
        Assert.Equal([503, 503, 200], delivery.Items("attempts").Select(a => a.GetProperty("statusCode").GetInt32()));
        Assert.All(
            delivery.Items("attempts").Zip(delivery.Items("attempts").Skip(1)),
            p => Assert.InRange((p.Second.Time("startedAt") - p.First.Time("startedAt")).TotalSeconds, 1, 10)
        );
    }

    [Fact]
    public async Task AutoDisable_FiveServerErrors_DisableWithReasonAndAudit()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none", more: new { maxInFlight = 1 })).Id();
        for (int i = 0; i < 4; i++)
        {
            await FailWithAsync(500 + i);
        }

        Assert.Equal("active", (await WebhookAsync(webhook)).Text("state"));
        await FailWithAsync(500);
        await StateAsync(webhook, "error");
        JsonElement state = await WebhookAsync(webhook);
        Assert.False(state.GetProperty("enabled").GetBoolean());
        Assert.Contains("5 times in a row", state.Text("stateReason"), StringComparison.Ordinal);
        AuditEntry entry = await _app.QueryAsync(db => db.AuditEntries.SingleAsync(a => a.Action == AuditActions.WebhookAutoDisabled));
        Assert.Equal((webhook, "system"), (entry.TargetId, entry.ActorKind));

        // New events are kept, with the reason.
        JsonElement held = await _app.DeliveryAsync(await _app.PostEventAsync(), "held");
        Assert.Contains("The webhook was disabled. The endpoint answered 5 times", held.Text("statusReason"), StringComparison.Ordinal);

        // The toggle forgets the errors: one more does not disable again.
        await SetEnabledAsync(webhook, true);
        await FailWithAsync(500);
        Assert.Equal("active", (await WebhookAsync(webhook)).Text("state"));
    }

    [Fact]
    public async Task AutoDisable_OtherResponseBetween_StartsTheCountAnew()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none")).Id();
        foreach (int status in new[] { 500, 500, 500, 500, 404, 500, 500, 500, 500, 200, 500, 500, 500, 500 })
        {
            await FailWithAsync(status);
        }

        Assert.Equal("active", (await WebhookAsync(webhook)).Text("state"));
        await FailWithAsync(500);
        await StateAsync(webhook, "error");
    }

    [Fact]
    public async Task AutoDisable_NoResponseBetween_LeavesTheCount()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none")).Id();
        for (int i = 0; i < 4; i++)
        {
            await FailWithAsync(500);
        }

        await using (RawReceiver silent = RawReceiver.StartAtConnect((_, _) => Task.CompletedTask))
        {
            await _app.PatchAsync($"webhooks/{webhook}", new { url = silent.Url });
            JsonElement failed = await _app.DeliveryAsync(await _app.PostEventAsync(), "failed");
            Assert.Equal("connection_failed", failed.Text("failureClass"));
        }

        Assert.Equal("active", (await WebhookAsync(webhook)).Text("state"));
        await _app.PatchAsync($"webhooks/{webhook}", new { url = _receiver.Url });
        await FailWithAsync(500);
        await StateAsync(webhook, "error");
    }

    [Fact]
    public async Task AutoDisable_TestAndReplay_NeverCount()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, "none")).Id();
        Guid delivery = default;
        for (int i = 0; i < 4; i++)
        {
            delivery = (await FailWithAsync(500)).Id();
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("http_5xx", (await _app.PostAsync($"webhooks/{webhook}/test")).Expect(HttpStatusCode.OK).Json.Text("failureClass"));
            Assert.Equal("http_5xx", (await _app.PostAsync($"deliveries/{delivery}/replay")).Expect(HttpStatusCode.OK).Json.Text("failureClass"));
        }

        Assert.Equal("active", (await WebhookAsync(webhook)).Text("state"));

        // Nor do they reset: the fifth of the automatic ones disables.
        _receiver.Answer = _ => 200;
        await _app.PostAsync($"webhooks/{webhook}/test");
        await _app.PostAsync($"deliveries/{delivery}/replay");
        await FailWithAsync(500);
        await StateAsync(webhook, "error");
    }

    [Fact]
    public async Task AutoDisable_Gone_DisablesAtOnce()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        JsonElement delivery = await FailWithAsync(410);
        Assert.Equal("gone", delivery.Text("failureClass"));
        await StateAsync(webhook, "error");
        Assert.Contains("410", (await WebhookAsync(webhook)).Text("stateReason"), StringComparison.Ordinal);
        await _app.DeliveryAsync(delivery.Id("eventId"), "held");
    }

    [Fact]
    public async Task Disabled_PendingAndNew_AreHeldUntilReleased()
    {
        _receiver.Answer = _ => 500;
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        Guid retrying = await _app.PostEventAsync();
        await _app.DeliveryAsync(retrying, "retrying");
        await SetEnabledAsync(webhook, false);
        JsonElement held = await _app.DeliveryAsync(retrying, "held");
        Assert.Equal("The webhook is disabled.", held.Text("statusReason"));
        Assert.Equal(JsonValueKind.Null, held.GetProperty("nextAttemptAt").ValueKind);
        Guid fresh = await _app.PostEventAsync();
        Assert.Equal("held", (await _app.DeliveryOfAsync(fresh)).Text("status"));

        // Turning it on sends new ones; what was held waits for the answer to "send or discard".
        _receiver.Answer = _ => 200;
        await SetEnabledAsync(webhook, true);
        await _app.DeliveryAsync(await _app.PostEventAsync(), "succeeded");
        Assert.Equal("held", (await _app.DeliveryOfAsync(retrying)).Text("status"));

        Guid project = await _app.ProjectIdAsync();
        HeldOutcome? sent = await _app.Get<HeldDeliveries>().DecideAsync(Actor.System, project, webhook, new HeldChoice(HeldAction.Send));
        Assert.Equal(2, sent?.Count);
        Assert.Equal(2, (await _app.DeliveryAsync(retrying, "succeeded")).GetProperty("attemptCount").GetInt32());
        await _app.DeliveryAsync(fresh, "succeeded");
        Assert.Equal(1, await AuditCountAsync(AuditActions.HeldReleased));
    }

    [Fact]
    public async Task Disabled_Discard_CancelsTheHeldOnes()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        await SetEnabledAsync(webhook, false);
        Guid id = await _app.PostEventAsync();
        await SetEnabledAsync(webhook, true);
        HeldChoice discard = new(HeldAction.Discard);
        Assert.Equal(1, (await _app.Get<HeldDeliveries>().DecideAsync(Actor.System, await _app.ProjectIdAsync(), webhook, discard))?.Count);
        JsonElement delivery = await _app.DeliveryOfAsync(id);
        Assert.Equal("cancelled", delivery.Text("status"));
        Assert.Contains("Discarded by", delivery.Text("statusReason"), StringComparison.Ordinal);

        // The lane is idle and nothing of it came: a later event is the first request.
        Guid later = await _app.PostEventAsync();
        await _app.DeliveryAsync(later, "succeeded");
        Assert.Equal(later.ToString(), Assert.Single(_receiver.Requests).WebhookId);
    }

    [Fact]
    public async Task Enabled_WhileTheLaneWaitsToHold_HoldsNothing()
    {
        TaskCompletionSource gate = new();
        _receiver.Answer = r => r.Number == 1 ? new Reply(200, After: gate.Task) : 200;
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, more: new { maxInFlight = 1 })).Id();
        Guid first = await _app.PostEventAsync();
        await _receiver.ReceivedAsync(1);
        Guid second = await _app.PostEventAsync();

        await SetEnabledAsync(webhook, false);
        await SetEnabledAsync(webhook, true);
        gate.SetResult();
        await _app.DeliveryAsync(first, "succeeded");
        await _app.DeliveryAsync(second, "succeeded");
    }

    [Fact]
    public async Task Deleted_PendingDeliveries_AreCancelledAndStayReadable()
    {
        _receiver.Answer = _ => 500;
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url)).Id();
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "retrying");
        (await _app.DeleteAsync($"webhooks/{webhook}")).Expect(HttpStatusCode.NoContent);
        JsonElement delivery = await _app.DeliveryAsync(id, "cancelled");
        Assert.Equal("The webhook was deleted.", delivery.Text("statusReason"));
        Assert.Single(delivery.Items("attempts"));
        Assert.Equal(0, await _app.QueryAsync(db => db.WebhookSecrets.CountAsync(s => s.WebhookId == webhook)));
        (await _app.PostAsync($"deliveries/{delivery.Id()}/replay")).ExpectProblem(HttpStatusCode.Conflict, "webhook_deleted");
        Assert.Empty((await _app.GetAsync($"events/{await _app.PostEventAsync()}")).Json.Items("deliveries"));
    }

    [Fact]
    public async Task Deleted_HeldDeliveries_AreCancelled()
    {
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, more: new { enabled = false })).Id();
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "held");
        await _app.DeleteAsync($"webhooks/{webhook}");
        await _app.DeliveryAsync(id, "cancelled");
    }

    [Fact]
    public async Task Edited_PendingRetry_GoesOutAsTheWebhookIsNow()
    {
        await using Receiver moved = await Receiver.StartAsync();
        _receiver.Answer = _ => 500;
        Guid webhook = (await _app.CreateWebhookAsync(_receiver.Url, new[] { 2 })).Id();
        Guid id = await _app.PostEventAsync();
        await _app.DeliveryAsync(id, "retrying");
        (
            await _app.PatchAsync(
                $"webhooks/{webhook}",
                new
                {
                    url = moved.Url,
                    format = "body-hex",
                    signatureHeader = "X-NovaVMS-Signature",
                    headers = new Dictionary<string, string> { ["X-Tenant"] = "green" },
                }
            )
        ).Expect(HttpStatusCode.OK);
        await _app.DeliveryAsync(id, "succeeded");
        ReceivedRequest request = Assert.Single(moved.Requests);
        Assert.Equal("green", request.Header("X-Tenant"));
        Assert.Equal(64, request.Header("X-NovaVMS-Signature").Length);
        Assert.Equal(id.ToString(), request.Header("X-Webhook-ID"));
        Assert.Equal(1, _receiver.Count);
    }

    [Fact]
    public async Task Replay_FailedDelivery_SucceedsWithTheSameId()
    {
        await _app.CreateWebhookAsync(_receiver.Url, "none");
        JsonElement failed = await FailWithAsync(500);
        Assert.Equal("failed", failed.Text("status"));
        _receiver.Answer = _ => 200;
        JsonElement attempt = (await _app.PostAsync($"deliveries/{failed.Id()}/replay")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("replay", 2), (attempt.Text("trigger"), attempt.GetProperty("number").GetInt32()));
        JsonElement delivery = await _app.DeliveryOfAsync(failed.Id("eventId"));
        Assert.Equal("succeeded", delivery.Text("status"));
        Assert.Equal(JsonValueKind.Null, delivery.GetProperty("error").ValueKind);
        Assert.Equal(failed.Text("eventId"), _receiver.Requests[1].WebhookId);
        Assert.Equal(1, await AuditCountAsync(AuditActions.DeliveryReplayed));
    }

    [Fact]
    public async Task Replay_ThatFails_LeavesThePlan()
    {
        await _app.CreateWebhookAsync(_receiver.Url);
        JsonElement before = await FailWithAsync(500);
        await _app.PostAsync($"deliveries/{before.Id()}/replay");
        JsonElement after = await _app.DeliveryOfAsync(before.Id("eventId"));
        Assert.Equal("retrying", after.Text("status"));
        Assert.Equal(before.Time("nextAttemptAt"), after.Time("nextAttemptAt"));
        Assert.Equal(2, after.GetProperty("attemptCount").GetInt32());
    }

    [Fact]
    public async Task Unverified_Events_AreHeldUntilTheEndpointAnswers()
    {
        _receiver.Answer = _ => 500;
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url, more: new { verify = true });
        Assert.Equal("unverified", webhook.Text("state"));
        Assert.NotNull(webhook.Text("stateReason"));
        Guid id = await _app.PostEventAsync();
        Assert.Contains("unverified", (await _app.DeliveryAsync(id, "held")).Text("statusReason"), StringComparison.Ordinal);
        Assert.Equal("unverified", (await _app.PostAsync($"webhooks/{webhook.Id()}/verify")).Json.Text("state"));
        Assert.Equal("held", (await _app.DeliveryOfAsync(id)).Text("status"));

        _receiver.Answer = _ => 204;
        Assert.Equal("active", (await _app.PostAsync($"webhooks/{webhook.Id()}/verify")).Json.Text("state"));
        await _app.DeliveryAsync(id, "succeeded");
        Assert.Equal(1, await AuditCountAsync(AuditActions.WebhookVerified));
    }

    [Fact]
    public async Task Unverified_EventWhileTheCheckIsUnderWay_IsSentAfterIt()
    {
        TaskCompletionSource gate = new();
        _receiver.Answer = r => r.Number == 1 ? new Reply(200, After: gate.Task) : 200;
        Task<JsonElement> creating = _app.CreateWebhookAsync(_receiver.Url, more: new { verify = true });
        await _receiver.ReceivedAsync(1);
        Guid id = await _app.PostEventAsync();
        Assert.Equal("held", (await _app.DeliveryOfAsync(id)).Text("status"));
        gate.SetResult();
        Assert.Equal("active", (await creating).Text("state"));
        await _app.DeliveryAsync(id, "succeeded");
    }

    [Fact]
    public async Task Lane_RetryDueBesideAHangingAttempt_DoesNotWaitForIt()
    {
        TaskCompletionSource never = new();
        int failed = 0;
        _receiver.Answer = request =>
            request.Text.Contains("hang", StringComparison.Ordinal) ? new Reply(200, After: never.Task)
            : Interlocked.Increment(ref failed) == 1 ? 500
            : 200;
        await _app.CreateWebhookAsync(_receiver.Url, retrySchedule: new[] { 1 });
        await _app.PostEventAsync(payload: new { hang = true });
        await _receiver.ReceivedAsync(1);
        Guid id = await _app.PostEventAsync();
        JsonElement delivery = await _app.DeliveryAsync(id, "succeeded");

        // The other attempt hangs until its limit of ten seconds.
        TimeSpan took = delivery.Time("completedAt") - delivery.Time("createdAt");
        Assert.InRange(took, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(7));
        never.SetResult();
    }

    [Fact]
    public async Task Lanes_OneHangingReceiver_DelaysNoOther()
    {
        await using Receiver hanging = await Receiver.StartAsync();
        TaskCompletionSource never = new();
        hanging.Answer = _ => new Reply(200, After: never.Task);
        await _app.CreateWebhookAsync(hanging.Url, name: "hanging", more: new { maxInFlight = 2 });
        await _app.CreateWebhookAsync(_receiver.Url, name: "healthy");
        for (int i = 0; i < 20; i++)
        {
            await _app.PostEventAsync();
        }

        await hanging.ReceivedAsync(2);
        await _receiver.ReceivedAsync(20);
        Assert.Equal(2, hanging.Count);
        never.SetResult();
        await hanging.ReceivedAsync(20);
    }

    [Fact]
    public async Task Lane_MaxInFlight_IsReachedAndNeverExceeded()
    {
        TaskCompletionSource gate = new();
        _receiver.Answer = _ => new Reply(200, After: gate.Task);
        await _app.CreateWebhookAsync(_receiver.Url, more: new { maxInFlight = 3 });
        for (int i = 0; i < 12; i++)
        {
            await _app.PostEventAsync();
        }

        await Eventually.TrueAsync(() => _receiver.InFlight == 3);
        gate.SetResult();
        await _receiver.ReceivedAsync(12);
        Assert.Equal(3, _receiver.PeakInFlight);
    }

    [Fact]
    public async Task Lane_LargePayloadsThatHang_AreBoundedInMemoryAndAllArrive()
    {
        TaskCompletionSource gate = new();
        _receiver.Answer = _ => new Reply(200, After: gate.Task);
        await _app.CreateWebhookAsync(_receiver.Url, more: new { maxInFlight = 100 });
        for (int i = 0; i < 30; i++)
        {
            await _app.PostEventAsync(payload: new { note = new string('x', 250_000) });
        }

        // Nine of them are more than 2 MB.
        await Eventually.TrueAsync(() => _receiver.InFlight == 9);
        gate.SetResult();
        await _receiver.ReceivedAsync(30);
        Assert.InRange(_receiver.PeakInFlight, 9, 29);
    }

    [Fact]
    public async Task Lane_RateLimit_SpreadsTheAttempts()
    {
        await _app.CreateWebhookAsync(_receiver.Url, more: new { rateLimitPerSecond = 10 });
        string batch = JsonSerializer.Serialize(Enumerable.Range(0, 25).Select(i => new { type = "order.created", payload = i }));
        (await _app.PostAsync("events/batch", batch)).Expect(HttpStatusCode.Accepted);
        IReadOnlyList<ReceivedRequest> requests = await _receiver.ReceivedAsync(25);

        // A second's worth may come at once, the other fifteen take a second and a half.
        double seconds = (requests[^1].Ticks - requests[0].Ticks) / (double)System.Diagnostics.Stopwatch.Frequency;
        Assert.InRange(seconds, 1.3, 15);
    }

    [Fact]
    public async Task Stop_InFlight_IsFinishedAndTheRestStaysDue()
    {
        await using TestDatabase database = TestDatabase.New();
        TaskCompletionSource gate = new();
        _receiver.Answer = _ => new Reply(200, After: gate.Task);
        List<Guid> ids = [];
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database }))
        {
            await app.CreateWebhookAsync(_receiver.Url, more: new { maxInFlight = 2 });
            for (int i = 0; i < 6; i++)
            {
                ids.Add(await app.PostEventAsync());
            }

            await Eventually.TrueAsync(() => _receiver.InFlight == 2);
            Task stopping = app.StopAsync();
            Assert.False(stopping.IsCompleted);
            gate.SetResult();
            await stopping;
            Assert.Empty(app.Log.Errors);
        }

        Assert.Equal(2, _receiver.Count);
        await using TestApp again = await TestApp.StartAsync(new TestAppSetup { Database = database });
        foreach (Guid id in ids)
        {
            JsonElement delivery = await again.DeliveryAsync(id, "succeeded");
            Assert.Single(delivery.Items("attempts"));
        }

        Assert.Equal(6, _receiver.Count);
        Assert.Equal(ids.Select(i => i.ToString()).Order(), _receiver.Requests.Select(r => r.WebhookId).Order());
    }

    [Fact]
    public async Task Restart_PlannedRetry_IsMadeAtItsTime()
    {
        await using TestDatabase database = TestDatabase.New();
        _receiver.Answer = r => r.Number == 1 ? 500 : 200;
        Guid id;
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database }))
        {
            await app.CreateWebhookAsync(_receiver.Url, new[] { 4 });
            id = await app.PostEventAsync();
            await app.DeliveryAsync(id, "retrying");
        }

        // The sweep comes every 30 s: a retry must not have to wait for it.
        await using TestApp again = await TestApp.StartAsync(new TestAppSetup { Database = database });
        JsonElement delivery = await again.DeliveryAsync(id, "succeeded");
        List<JsonElement> attempts = delivery.Items("attempts");
        Assert.InRange((attempts[1].Time("startedAt") - attempts[0].Time("startedAt")).TotalSeconds, 4, 12);
    }

    [Fact]
    public async Task Response_AnyBytes_AreKeptAndTheNextDeliveryGoesOn()
    {
        byte[] answer = [.. "HTTP/1.1 500 Oops\r\nX-Odd: \u00e9\u0080\r\nContent-Length: 6\r\n\r\n"u8, 0, 0xFF, 0xFE, 0, 0xC3, 0x28];
        await using RawReceiver raw = RawReceiver.Answering(answer);
        await _app.CreateWebhookAsync(raw.Url, name: "raw");
        await _app.CreateWebhookAsync(_receiver.Url, name: "good");
        Guid id = await _app.PostEventAsync();
        await _receiver.ReceivedAsync(1);
        await Eventually.TrueAsync(() => _app.QueryAsync(db => db.Attempts.AnyAsync(a => a.FailureClass == FailureClass.Http5xx)));
        AttemptRow attempt = await _app.QueryAsync(db => db.Attempts.SingleAsync(a => a.FailureClass == FailureClass.Http5xx));
        Assert.Equal(new byte[] { 0, 0xFF, 0xFE, 0, 0xC3, 0x28 }, attempt.ResponseBody);
        Assert.Equal("\0\uFFFD\uFFFD\0\uFFFD(", (await _app.GetAsync($"deliveries/{attempt.DeliveryId}")).Json.Items("attempts")[0].Text("responseBody"));
        Assert.Empty(_app.Log.Errors);
        Assert.Contains(_app.Log.Lines, l => l.Contains(attempt.Id.ToString(), StringComparison.Ordinal));
        Assert.Equal(id.ToString(), _receiver.Requests[0].WebhookId);
    }

    [Fact]
    public async Task Secrets_InTheLogAndDatabase_AreNeverInClear()
    {
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url);
        await _app.DeliveryAsync(await _app.PostEventAsync(), "succeeded");
        string secret = webhook.Text("secret")!;
        Assert.DoesNotContain(_app.Log.Lines, l => l.Contains(secret, StringComparison.Ordinal) || l.Contains(TestApp.Token, StringComparison.Ordinal));
        await _app.StopAsync();
        foreach (string file in Directory.GetFiles(_app.Database.Folder, "*", SearchOption.AllDirectories))
        {
            string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(secret["whsec_".Length..], text, StringComparison.Ordinal);
            Assert.DoesNotContain(TestApp.Token, text, StringComparison.Ordinal);
        }
    }
}

/// <summary>The whole product on PostgreSQL.</summary>
public sealed class PostgresEngineTests
{
    [PostgresFact]
    public async Task Event_OnPostgres_IsDeliveredAndFoundAgain()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        await using RawReceiver odd = RawReceiver.Answering("HTTP/1.1 200\0OK\r\n\r\n");
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        JsonElement webhook = await app.CreateWebhookAsync(receiver.Url, new[] { 1 }, name: "good");
        Guid id = await app.PostEventAsync(payload: new { text = "Grüße" });
        JsonElement delivery = await app.DeliveryAsync(id, "succeeded");
        Assert.Equal("""{"text":"Grüße"}""", Assert.Single(receiver.Requests).Text);
        JsonElement page = (await app.GetAsync($"deliveries?webhookId={webhook.Id()}&status=succeeded&eventId={id}&since=2020-01-01T00:00:00Z"))
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal(delivery.Id(), Assert.Single(page.Items("items")).Id());
        (await app.PostAsync($"deliveries/{delivery.Id()}/replay")).Expect(HttpStatusCode.OK);

        // What a receiver sends must not be in the way of the record.
        JsonElement bad = await app.CreateWebhookAsync(odd.Url, "none", name: "odd");
        JsonElement test = (await app.PostAsync($"webhooks/{bad.Id()}/test")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("bad_response", test.Text("failureClass"));
        // EF logs its first look for the migrations of an empty database as an error.
        Assert.DoesNotContain(app.Log.Errors, l => !l.Contains("__EFMigrationsHistory", StringComparison.Ordinal));
    }
}
