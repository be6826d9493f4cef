using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookConsole.Data;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries;

/// <summary>Turning on a webhook that holds deliveries: the change and the choice are one transaction, whatever breaks between its steps.</summary>
public sealed class HeldDecisionTests : IAsyncLifetime
{
    private Receiver _receiver = null!;
    private TestDatabase? _database;
    private TestApp? _app;
    private Guid _webhook;

    /// <summary>Where the application breaks.</summary>
    public enum Break
    {
        BeforeCommit = 0,
        AfterCommit = 1,
    }

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async Task DisposeAsync()
    {
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _receiver.DisposeAsync();
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    // Nothing runs that would make up for what the broken step left out.
    private async Task HoldAsync(DatabaseKind kind, Break at, int deliveries)
    {
        _database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        _app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Database = _database,
                Quartz = false,
                Services = services =>
                    services
                        .RemoveAll<IHeldDecisions>()
                        .AddSingleton<IHeldDecisions>(provider => new BrokenDecisions(provider.GetRequiredService<HeldDeliveries>(), at)),
            }
        );
        _webhook = (await _app.CreateWebhookAsync(_receiver.Url, more: new { enabled = false })).Id();
        await _app.PostAsync("events/batch", Enumerable.Range(0, deliveries).Select(n => new { type = "order.created", payload = new { n } }).ToArray());
        Assert.Equal(deliveries, await CountAsync(DeliveryStatus.Held));
    }

    private async Task RestartAsync()
    {
        await _app!.StopAsync();
        _app = await TestApp.StartAsync(new TestAppSetup { Database = _database });
    }

    private Task<ApiAnswer> TurnOnAsync(object held) => _app!.PatchAsync($"webhooks/{_webhook}", new { enabled = true, held });

    private Task<int> CountAsync(DeliveryStatus status) => _app!.QueryAsync(db => db.Deliveries.CountAsync(d => d.Status == status));

    private Task<List<string>> EntriesAsync() =>
        _app!.QueryAsync(db => db.AuditEntries.Where(a => a.ProjectId != null).OrderBy(a => a.Sequence).Select(a => a.Action).ToListAsync());

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TurnOn_FailureBeforeTheCommit_LeavesNeither(DatabaseKind kind)
    {
        await HoldAsync(kind, Break.BeforeCommit, deliveries: 2);
        foreach (object held in new object[] { new { action = "send" }, new { action = "send", probeFirst = true }, new { action = "discard" } })
        {
            (await TurnOnAsync(held)).ExpectProblem(HttpStatusCode.Conflict, "broken");
        }

        await RestartAsync();
        Webhook webhook = await _app!.QueryAsync(db => db.Webhooks.SingleAsync());
        Assert.Equal((false, 1), (webhook.Enabled, webhook.Version));
        Assert.Equal(0, await _app!.QueryAsync(async db => await db.HeldPlans.CountAsync() + await db.Recoveries.CountAsync()));
        Assert.Empty((await EntriesAsync()).Intersect([AuditActions.WebhookEnabled, AuditActions.HeldReleased, AuditActions.HeldDiscarded]));
        Assert.Equal(2, await CountAsync(DeliveryStatus.Held));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TurnOn_KilledAfterTheCommit_SendsAfterTheRestart(DatabaseKind kind)
    {
        await HoldAsync(kind, Break.AfterCommit, deliveries: 3);
        (await TurnOnAsync(new { action = "send" })).Expect(HttpStatusCode.OK);
        Assert.Equal([AuditActions.WebhookEnabled, AuditActions.HeldReleased], (await EntriesAsync()).TakeLast(2));
        Assert.Equal(3, await CountAsync(DeliveryStatus.Held));

        await RestartAsync();
        await Eventually.TrueAsync(async () => await CountAsync(DeliveryStatus.Succeeded) == 3);
        Assert.Equal(0, await _app!.QueryAsync(db => db.HeldPlans.CountAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TurnOn_KilledAfterTheCommit_DiscardsAfterTheRestartAndNothingLater(DatabaseKind kind)
    {
        await HoldAsync(kind, Break.AfterCommit, deliveries: 3);
        (await TurnOnAsync(new { action = "discard" })).Expect(HttpStatusCode.OK);
        Assert.Equal([AuditActions.WebhookEnabled, AuditActions.HeldDiscarded], (await EntriesAsync()).TakeLast(2));
        DateTimeOffset until = await _app!.QueryAsync(db => db.HeldPlans.Select(p => p.Until).SingleAsync());

        // It is turned off again before the crash; what comes then is not what somebody decided about.
        (await _app!.PatchAsync($"webhooks/{_webhook}", new { enabled = false })).Expect(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > until);
        Guid later = await _app.PostEventAsync();

        await RestartAsync();
        await Eventually.TrueAsync(async () => await CountAsync(DeliveryStatus.Cancelled) == 3);
        Assert.Equal("held", (await _app!.DeliveryOfAsync(later)).Text("status"));
        Assert.Equal(0, await _app.QueryAsync(db => db.HeldPlans.CountAsync()));
        Assert.Empty(_receiver.Requests);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TurnOn_KilledAfterTheCommitOneFirst_RecoversAfterTheRestart(DatabaseKind kind)
    {
        await HoldAsync(kind, Break.AfterCommit, deliveries: 3);
        (await TurnOnAsync(new { action = "send", probeFirst = true })).Expect(HttpStatusCode.OK);
        Assert.Equal([AuditActions.WebhookEnabled, AuditActions.DeliveriesRecovered], (await EntriesAsync()).TakeLast(2));

        await RestartAsync();
        await Eventually.TrueAsync(async () => await _app!.QueryAsync(db => db.Recoveries.AnyAsync(r => r.Status == RecoveryStatus.Completed)));
        Assert.Equal(3, await CountAsync(DeliveryStatus.Succeeded));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task TurnOn_OffAgainBeforeItWasSent_AsksAnew(DatabaseKind kind)
    {
        await HoldAsync(kind, Break.AfterCommit, deliveries: 2);
        (await TurnOnAsync(new { action = "send" })).Expect(HttpStatusCode.OK);
        (await _app!.PatchAsync($"webhooks/{_webhook}", new { enabled = false })).Expect(HttpStatusCode.OK);

        await RestartAsync();
        await Eventually.TrueAsync(async () => await _app!.QueryAsync(db => db.HeldPlans.CountAsync()) == 0);
        Assert.Equal(2, await CountAsync(DeliveryStatus.Held));
        Assert.Empty(_receiver.Requests);
    }

    private sealed class BrokenDecisions(IHeldDecisions real, Break at) : IHeldDecisions
    {
        public Task<int> CountAsync(Guid webhookId, HeldChoice choice) => real.CountAsync(webhookId, choice);

        public async Task<HeldWork?> WriteAsync(ConsoleDbContext db, Actor actor, Webhook webhook, HeldChoice choice, int counted)
        {
            HeldWork? work = await real.WriteAsync(db, actor, webhook, choice, counted);
            await db.SaveChangesAsync();
            return at == Break.BeforeCommit ? throw RuleException.Conflict("broken", "It breaks here.") : work;
        }

        // As if the process had been killed here.
        public Task<HeldOutcome?> BeginAsync(HeldWork? work) => Task.FromResult<HeldOutcome?>(null);
    }
}
