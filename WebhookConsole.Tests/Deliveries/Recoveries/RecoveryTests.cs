using System.Net;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Recoveries;

/// <summary>Recoveries as they run: the real application, its scheduler and a real receiver, on each database.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private Receiver _receiver = null!;
    private TestApp _app = null!;
    private RecoveryApp _recoveries = null!;
    private TestDatabase? _database;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartAsync(DatabaseKind kind)
    {
        _database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        _app = await TestApp.StartAsync(new TestAppSetup { Database = _database });
        _recoveries = new RecoveryApp(_app, _receiver);
    }

    private async Task<Guid> WebhookAsync(object? retries = null, string name = "hook", object? more = null) =>
        (await _app.CreateWebhookAsync(_receiver.Url, retries ?? "none", name, more)).Id();

    private async Task EnableAsync(Guid webhook, bool enabled) => await _app.PatchAsync($"webhooks/{webhook}", new { enabled });

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_FailedDeliveries_SendsEachOnceAndCounts(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        List<Guid> events = await _recoveries.FailAsync(60);
        int before = _receiver.Count;
        _receiver.Answer = r => r.WebhookId == events[7].ToString() ? 422 : 200;

        Recovery started = await _recoveries.StartAsync(new RecoveryRequest());
        Assert.Equal((60, 0, RecoveryStatus.Running), (started.Total, started.Attempted, started.Status));
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);

        Assert.Equal((60, 59, 1, 60), (done.Attempted, done.Succeeded, done.Failed, done.Total));
        Assert.Equal(events.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
        Assert.Equal((59, 1), (await _recoveries.CountAsync(DeliveryStatus.Succeeded), await _recoveries.CountAsync(DeliveryStatus.Failed)));
        var again = await _app.DeliveryOfAsync(events[7]);
        Assert.Equal(["automatic", "recover"], again.Items("attempts").Select(a => a.Text("trigger")));
        Assert.Equal("webhook_delivery_failed", again.Text("error"));
        Assert.Equal(60, await _app.QueryAsync(db => db.RecoveryResults.CountAsync(r => r.RecoveryId == started.Id)));
        AuditEntry entry = await _app.QueryAsync(db => db.AuditEntries.SingleAsync(a => a.Action == AuditActions.DeliveriesRecovered));
        Assert.Equal(started.Id, entry.TargetId);
        Assert.Contains("\"deliveries\":60", entry.Details, StringComparison.Ordinal);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_TurnOn_IsOneTransaction(DatabaseKind kind)
    {
        await StartAsync(kind);
        Guid webhook = await WebhookAsync();
        await _recoveries.FailAsync(2);
        await EnableAsync(webhook, false);
        Guid project = await _app.ProjectIdAsync();
        RecoveryRequest request = new() { WebhookId = webhook };
        Task VerifiedAsync(bool verified) => _app.QueryAsync(db => db.Webhooks.ExecuteUpdateAsync(s => s.SetProperty(w => w.Verified, verified)));

        // It would still take nothing, so it stays off.
        await VerifiedAsync(false);
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => _recoveries.Service.StartAsync(Actor.System, project, request, turnOn: true));
        Assert.Equal("webhook_not_active", refused.Code);
        Assert.False(await _app.QueryAsync(db => db.Webhooks.Select(w => w.Enabled).SingleAsync()));
        Assert.Equal(0, await _app.QueryAsync(db => db.Recoveries.CountAsync()));

        await VerifiedAsync(true);
        Recovery started = await _recoveries.Service.StartAsync(Actor.System, project, request, turnOn: true);
        Assert.Equal(2, (await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed)).Succeeded);
        Assert.Equal(
            [AuditActions.WebhookEnabled, AuditActions.DeliveriesRecovered],
            await _app.QueryAsync(db =>
                db.AuditEntries.Where(a => a.ProjectId == project)
                    .OrderByDescending(a => a.Sequence)
                    .Take(2)
                    .OrderBy(a => a.Sequence)
                    .Select(a => a.Action)
                    .ToListAsync()
            )
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_EventTypeAndTime_TakesOnlyWhatMatches(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        List<Guid> old = await _recoveries.FailAsync(2, type: "order.paid");
        DateTimeOffset after = (await _app.DeliveryOfAsync(old[1])).Time("createdAt").AddMilliseconds(1);
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > after.AddMilliseconds(1));
        List<Guid> paid = await _recoveries.FailAsync(3, type: "order.paid");
        await _recoveries.FailAsync(4, type: "order.sent");
        int before = _receiver.Count;

        Assert.True(EventFilter.TryCreate(["order.paid", "invoice.*"], out EventFilter? filter, out _));
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { Since = after, EventTypes = filter });
        Assert.Equal(3, started.Total);
        await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal(paid.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_SelectedDeliveries_SendsOnlyThese(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        List<Guid> events = await _recoveries.FailAsync(5);
        Guid[] chosen = [(await _app.DeliveryOfAsync(events[1])).Id(), (await _app.DeliveryOfAsync(events[4])).Id()];
        int before = _receiver.Count;
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { DeliveryIds = chosen });
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal((2, 2), (done.Total, done.Succeeded));
        Assert.Equal(new[] { events[1], events[4] }.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_ProbeThatFails_PausesWithTheReasonUntilSomebodyResumes(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        await _recoveries.FailAsync(20);
        int before = _receiver.Count;
        _receiver.Answer = _ => new Reply(404, "no such route");
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { ProbeFirst = true });
        Recovery paused = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Paused);
        Assert.Equal((1, 0, 1), (paused.Attempted, paused.Succeeded, paused.Failed));
        Assert.StartsWith("The first delivery failed, so the rest were not sent.", paused.StatusReason, StringComparison.Ordinal);
        Assert.Contains("404", paused.StatusReason, StringComparison.Ordinal);
        Assert.Equal(before + 1, _receiver.Count);
        Assert.Equal(20, await _recoveries.CountAsync(DeliveryStatus.Failed));

        _receiver.Answer = _ => 200;
        await _recoveries.Service.ResumeAsync(Actor.System, await _app.ProjectIdAsync(), started.Id);
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal((20, 19, 1), (done.Attempted, done.Succeeded, done.Failed));
        Assert.Equal(before + 20, _receiver.Count);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_ProbeThatSucceeds_SendsTheRest(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        await _recoveries.FailAsync(20);
        int before = _receiver.Count;
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = _ => new Reply(200, After: first.Task);
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { ProbeFirst = true });
        await _receiver.ReceivedAsync(before + 1);
        Assert.Equal(1, await _recoveries.CountAsync(DeliveryStatus.Retrying));
        first.SetResult();
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal((20, 20, false), (done.Attempted, done.Succeeded, done.Probing));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Pause_InTheMiddle_SendsNoMoreAndResumeSendsTheRestOnce(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync(more: new { maxInFlight = 2 });
        List<Guid> events = await _recoveries.FailAsync(100);
        int before = _receiver.Count;
        using SemaphoreSlim gate = new(10);
        _receiver.Answer = _ => new Reply(200, After: gate.WaitAsync());
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest());
        await _recoveries.UntilAsync(started.Id, r => r.Attempted == 10);
        await _receiver.ReceivedAsync(before + 12);

        Guid project = await _app.ProjectIdAsync();
        Recovery paused = await _recoveries.Service.PauseAsync(Actor.System, project, started.Id);
        Assert.Equal(RecoveryStatus.Paused, paused.Status);
        Assert.Equal(0, await _recoveries.CountAsync(DeliveryStatus.Retrying));
        gate.Release(1000);

        // The two in flight are finished and counted; the page that the lane had read is dropped.
        Recovery still = await _recoveries.UntilAsync(started.Id, r => r.Attempted == 12);
        Assert.Equal(RecoveryStatus.Paused, still.Status);
        Assert.Equal(before + 12, _receiver.Count);

        await _recoveries.Service.ResumeAsync(Actor.System, project, started.Id);
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal((100, 100, 0), (done.Attempted, done.Succeeded, done.Failed));
        Assert.Equal(events.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
        Assert.Equal(
            [AuditActions.DeliveriesRecovered, AuditActions.RecoveryPaused, AuditActions.RecoveryResumed],
            await _app.QueryAsync(db => db.AuditEntries.Where(a => a.TargetId == started.Id).OrderBy(a => a.Sequence).Select(a => a.Action).ToListAsync())
        );
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Cancel_InTheMiddle_LeavesTheRestFailed(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        await _recoveries.FailAsync(50);
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { PerSecond = 5 });
        await _recoveries.UntilAsync(started.Id, r => r.Succeeded >= 2);
        Guid project = await _app.ProjectIdAsync();
        await _recoveries.Service.CancelAsync(Actor.System, project, started.Id);
        Recovery cancelled = await _recoveries.FindAsync(started.Id);
        Assert.Equal(RecoveryStatus.Cancelled, cancelled.Status);
        Assert.NotNull(cancelled.CompletedAt);
        await Eventually.TrueAsync(async () =>
            await _recoveries.CountAsync(DeliveryStatus.Failed) + await _recoveries.CountAsync(DeliveryStatus.Succeeded) == 50
        );
        Assert.True(await _recoveries.CountAsync(DeliveryStatus.Failed) > 20);
        RuleException over = await Assert.ThrowsAsync<RuleException>(() => _recoveries.Service.ResumeAsync(Actor.System, project, started.Id));
        Assert.Equal("recovery_over", over.Code);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Pace_FivePerSecond_SpreadsTheRequests(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        await _recoveries.FailAsync(12);
        int before = _receiver.Count;
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { PerSecond = 5 });
        await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        long[] ticks = [.. _receiver.Requests.Skip(before).Select(r => r.Ticks).Order()];

        // The first may go at once; eleven more take more than two seconds.
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(ticks[0], ticks[^1]) >= TimeSpan.FromSeconds(2));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AutoDisable_DuringARecovery_PausesItAndLosesNothing(DatabaseKind kind)
    {
        await StartAsync(kind);
        Guid webhook = await WebhookAsync();
        await _recoveries.FailAsync(60);
        _receiver.Answer = _ => 500;
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { WebhookId = webhook });
        Recovery paused = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Paused);
        Assert.Contains("server error", paused.StatusReason, StringComparison.Ordinal);
        Assert.Equal(60, await _recoveries.CountAsync(DeliveryStatus.Failed));
        Assert.InRange(paused.Failed, 5, 20);

        _receiver.Answer = _ => 200;
        await EnableAsync(webhook, true);
        await _recoveries.Service.ResumeAsync(Actor.System, await _app.ProjectIdAsync(), started.Id);
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);

        // What failed during the recovery was attempted; the rest is sent.
        Assert.Equal((60, paused.Failed), (done.Attempted, done.Failed));
        Assert.Equal(60 - paused.Failed, await _recoveries.CountAsync(DeliveryStatus.Succeeded));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Deleted_DuringARecovery_EndsItAndLeavesTheRestFailed(DatabaseKind kind)
    {
        await StartAsync(kind);
        Guid webhook = await WebhookAsync();
        await _recoveries.FailAsync(40);
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { WebhookId = webhook, PerSecond = 10 });
        await _recoveries.UntilAsync(started.Id, r => r.Attempted >= 2);
        (await _app.DeleteAsync($"webhooks/{webhook}")).Expect(HttpStatusCode.NoContent);
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Contains("deleted", done.StatusReason, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () =>
            await _recoveries.CountAsync(DeliveryStatus.Failed) + await _recoveries.CountAsync(DeliveryStatus.Succeeded) == 40
        );
        Assert.Equal(0, await _recoveries.CountAsync(DeliveryStatus.Cancelled));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_Held_KeepsTheirRetrySchedule(DatabaseKind kind)
    {
        await StartAsync(kind);
        Guid webhook = await WebhookAsync(new[] { 1 });
        await EnableAsync(webhook, false);
        Guid first = await _app.PostEventAsync("order.paid");
        Guid other = await _app.PostEventAsync("order.sent");
        await EnableAsync(webhook, true);
        int answers = 0;
        _receiver.Answer = _ => Interlocked.Increment(ref answers) == 1 ? 503 : 200;
        EventFilter.TryCreate(["order.paid"], out EventFilter? filter, out _);
        Recovery started = await _recoveries.StartAsync(
            new RecoveryRequest
            {
                WebhookId = webhook,
                Statuses = [DeliveryStatus.Held],
                EventTypes = filter!,
            }
        );
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal((1, 0, 1), (done.Attempted, done.Succeeded, done.Failed));
        var delivery = await _app.DeliveryAsync(first, "succeeded");
        Assert.Equal(["recover", "automatic"], delivery.Items("attempts").Select(a => a.Text("trigger")));
        Assert.Equal("held", (await _app.DeliveryOfAsync(other)).Text("status"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_TwiceAtTheSameTime_NeverSendsOneTwiceAtOnce(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        List<Guid> events = await _recoveries.FailAsync(80);
        int before = _receiver.Count;
        Recovery[] started = await Task.WhenAll(_recoveries.StartAsync(new RecoveryRequest()), _recoveries.StartAsync(new RecoveryRequest()));
        foreach (Recovery recovery in started)
        {
            await _recoveries.UntilAsync(recovery.Id, RecoveryStatus.Completed);
        }

        Assert.Equal(events.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Restart_InTheMiddle_GoesOnByItself(DatabaseKind kind)
    {
        await StartAsync(kind);
        await WebhookAsync();
        List<Guid> events = await _recoveries.FailAsync(60);
        int before = _receiver.Count;
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest { PerSecond = 20 });
        int seen = (await _recoveries.UntilAsync(started.Id, r => r.Attempted >= 5)).Attempted;
        await _app.StopAsync();
        _app = await TestApp.StartAsync(new TestAppSetup { Database = _database });
        _recoveries = new RecoveryApp(_app, _receiver);
        Assert.True((await _recoveries.FindAsync(started.Id)).Attempted >= seen);
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal(60, done.Succeeded);
        Assert.Equal(events.Order(), _receiver.Requests.Skip(before).Select(r => Guid.Parse(r.WebhookId)).Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Recover_TestDeliveriesAndSlowWebhooks_AreLeftAloneAndHoldNobodyUp(DatabaseKind kind)
    {
        await StartAsync(kind);
        await using Receiver slow = await Receiver.StartAsync();
        Guid hanging = (await _app.CreateWebhookAsync(slow.Url, "none", "slow", new { maxInFlight = 1 })).Id();
        slow.Answer = _ => 400;
        Guid fast = await WebhookAsync(name: "fast");
        _receiver.Answer = _ => 400;
        (await _app.PostAsync($"webhooks/{fast}/test", new { })).Expect(HttpStatusCode.OK);
        await _recoveries.FailAsync(30);
        TaskCompletionSource never = new();
        slow.Answer = _ => new Reply(200, After: never.Task);
        Recovery started = await _recoveries.StartAsync(new RecoveryRequest());
        Assert.Equal(60, started.Total);
        await Eventually.TrueAsync(async () =>
            await _app.QueryAsync(db => db.Deliveries.CountAsync(d => d.WebhookId == fast && d.Status == DeliveryStatus.Succeeded)) == 30
        );
        never.SetResult();
        Recovery done = await _recoveries.UntilAsync(started.Id, RecoveryStatus.Completed);
        Assert.Equal(60, done.Succeeded);
        Assert.Equal(30, await _app.QueryAsync(db => db.Deliveries.CountAsync(d => d.WebhookId == hanging && d.Status == DeliveryStatus.Succeeded)));
    }

    [Fact]
    public async Task Start_WebhookThatIsOff_IsRefused()
    {
        await StartAsync(DatabaseKind.Sqlite);
        Guid webhook = await WebhookAsync();
        await _recoveries.FailAsync(1);
        await EnableAsync(webhook, false);
        RuleException off = await Assert.ThrowsAsync<RuleException>(() => _recoveries.StartAsync(new RecoveryRequest { WebhookId = webhook }));
        Assert.Equal("webhook_not_active", off.Code);
        RuleException nothing = await Assert.ThrowsAsync<RuleException>(() => _recoveries.StartAsync(new RecoveryRequest()));
        Assert.Equal("nothing_to_recover", nothing.Code);
    }
}
