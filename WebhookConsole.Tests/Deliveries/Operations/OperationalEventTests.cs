using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Targets;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deliveries.Operations;

/// <summary>Operational events: one for each change of state, to webhooks that want them, never about these (specification §7).</summary>
public sealed class OperationalEventTests
{
    private static Task<JsonElement> CreateOperationsAsync(TestApp app, string url, object? eventTypes = null) =>
        app.CreateWebhookAsync(url, name: "operations", more: new { scope = "operations", eventTypes = eventTypes ?? "*" });

    private static string[] TypesOf(Receiver receiver) => [.. receiver.Requests.Select(r => r.Header("X-Webhook-Event"))];

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Engine_WebhookFailsAndRecovers_TellsOfEachChangeOnce(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        await using Receiver broken = await Receiver.StartAsync();
        await using Receiver operations = await Receiver.StartAsync();
        broken.Answer = _ => 500;
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        await CreateOperationsAsync(app, operations.Url);
        Guid webhook = (await app.CreateWebhookAsync(broken.Url, retrySchedule: "none", name: "Zahlungen ✓", more: new { maxInFlight = 1 })).Id();
        Guid last = default;
        for (int i = 0; i < 5; i++)
        {
            last = await app.PostEventAsync();
            await EventuallyFailedAsync(app, last);
        }

        // Five deliveries failed, and the fifth disabled the webhook.
        IReadOnlyList<ReceivedRequest> told = await operations.ReceivedAsync(6);
        Assert.Equal(5, told.Count(r => r.Header("X-Webhook-Event") == OperationalEventTypes.DeliveryFailed));
        JsonElement disabled = JsonDocument.Parse(told.Single(r => r.Header("X-Webhook-Event") == OperationalEventTypes.AutoDisabled).Text).RootElement;
        Assert.Equal(webhook, disabled.GetProperty("webhook").Id());
        Assert.Equal("Zahlungen ✓", disabled.GetProperty("webhook").Text("name"));
        Assert.StartsWith("The endpoint answered 5 times in a row", disabled.Text("reason"), StringComparison.Ordinal);
        JsonElement failed = JsonDocument.Parse(told[0].Text).RootElement.GetProperty("delivery");
        Assert.Equal(
            ("http_5xx", 500, 1),
            (failed.Text("failureClass"), failed.GetProperty("statusCode").GetInt32(), failed.GetProperty("attempts").GetInt32())
        );

        broken.Answer = _ => 200;
        await app.PatchAsync($"webhooks/{webhook}", new { enabled = true });
        await EventuallyAsync(app, await app.PostEventAsync(), DeliveryStatus.Succeeded);
        await EventuallyAsync(app, await app.PostEventAsync(), DeliveryStatus.Succeeded);
        await operations.ReceivedAsync(7);
        Assert.Single(TypesOf(operations), OperationalEventTypes.Recovered);
        Assert.Equal(7, operations.Count);
    }

    [Fact]
    public async Task Engine_OperationsWebhookFails_TellsNobody()
    {
        await using Receiver operations = await Receiver.StartAsync();
        await using Receiver broken = await Receiver.StartAsync();
        operations.Answer = _ => 410;
        broken.Answer = _ => 400;
        await using TestApp app = await TestApp.StartAsync();
        await CreateOperationsAsync(app, operations.Url);
        await app.CreateWebhookAsync(broken.Url, retrySchedule: "none");
        await EventuallyFailedAsync(app, await app.PostEventAsync());
        await Eventually.TrueAsync(async () =>
            (await app.GetAsync("webhooks")).Json.Items("items").Any(w => w.Text("name") == "operations" && w.Text("state") == "error")
        );
        Assert.Equal(2, await app.QueryAsync(db => db.Events.CountAsync()));
        Assert.Equal(1, operations.Count);
    }

    [Fact]
    public async Task Intake_ClientPostsAnOperationalType_ReachesOnlyTheProjectsWebhooks()
    {
        await using Receiver ordinary = await Receiver.StartAsync();
        await using Receiver operations = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();
        await CreateOperationsAsync(app, operations.Url);
        await app.CreateWebhookAsync(ordinary.Url);
        ApiAnswer posted = await app.PostAsync("events", new { type = OperationalEventTypes.AutoDisabled, payload = new { forged = true } });
        Assert.Equal(1, posted.Expect(HttpStatusCode.Accepted).Json.GetProperty("deliveries").GetInt32());
        await ordinary.ReceivedAsync(1);
        Assert.Equal(0, operations.Count);
    }

    [Fact]
    public async Task Create_OperationsFilterThatMatchesNothing_IsRefusedWithTheTypes()
    {
        await using TestApp app = await TestApp.StartAsync();
        ApiAnswer answer = await app.PostAsync(
            "webhooks",
            new
            {
                name = "operations",
                url = "http://127.0.0.1:9/",
                scope = "operations",
                eventTypes = new[] { "order.created" },
            }
        );
        answer.ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains("webhook.auto_disabled", answer.Text, StringComparison.Ordinal);
        JsonElement made = await CreateOperationsAsync(app, "http://127.0.0.1:9/", new[] { "webhook.*" });
        Assert.Equal("operations", made.Text("scope"));
        (await app.PatchAsync($"webhooks/{made.Id()}", new { scope = "events" })).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Verify_NewEndpointRefuses_IsToldOnce()
    {
        await using Receiver operations = await Receiver.StartAsync();
        await using Receiver refusing = await Receiver.StartAsync();
        refusing.Answer = _ => 404;
        await using TestApp app = await TestApp.StartAsync();
        await CreateOperationsAsync(app, operations.Url);
        Guid webhook = (await app.CreateWebhookAsync(refusing.Url, more: new { verify = true })).Id();
        await operations.ReceivedAsync(1);
        Assert.NotNull(await app.QueryAsync(db => db.Webhooks.Where(w => w.Id == webhook).Select(w => w.CheckedAt).SingleAsync()));
        await app.PostAsync($"webhooks/{webhook}/verify", new { });
        Assert.Equal([OperationalEventTypes.Unverified], TypesOf(operations));
        Assert.Equal(1, await app.QueryAsync(db => db.Events.CountAsync(e => !e.Test)));
    }

    [Fact]
    public async Task Test_OperationsWebhook_SendsTheExampleOfTheType()
    {
        await using Receiver operations = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();
        Guid webhook = (await CreateOperationsAsync(app, operations.Url)).Id();
        foreach (OperationalEventType type in OperationalEventTypes.All)
        {
            await app.PostAsync($"webhooks/{webhook}/test", new { eventType = type.Name });
            JsonElement sent = JsonDocument.Parse(operations.Requests[^1].Text).RootElement;
            Assert.True(sent.GetProperty("test").GetBoolean());
            Assert.Equal(type.Name, sent.Text("type"));
        }
    }

    [Fact]
    public async Task Sampler_BacklogGrowsForFiveMinutes_TellsOnceUntilItHasGone()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        await CreateOperationsAsync(app, "http://127.0.0.1:9/");
        await app.CreateWebhookAsync("http://127.0.0.1:9/");
        BacklogSampler sampler = app.Get<BacklogSampler>();
        List<Guid> told = [];
        for (int minute = 0; minute < 9; minute++)
        {
            int count = minute == 0 ? BacklogSampler.Large : 1;
            await app.PostAsync("events/batch", Enumerable.Range(0, count).Select(i => new { type = "a", payload = i }));
            told.AddRange(await sampler.RunAsync(CancellationToken.None));
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(told);
        Assert.Equal(1, await app.QueryAsync(db => db.Events.CountAsync(e => e.Type == OperationalEventTypes.BacklogGrowing)));
        await app.QueryAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE deliveries SET status = 5, next_attempt_at = NULL"));
        await sampler.RunAsync(CancellationToken.None);
        Assert.Empty(await app.QueryAsync(db => db.WebhookHealth.Where(h => h.BacklogReportedAt != null).ToListAsync()));
    }

    [Fact]
    public async Task Handshake_CertificateEndsWithinTwoWeeks_IsToldOnce()
    {
        using TestCa ca = new();
        using X509Certificate2 ending = ca.Issue(until: TimeSpan.FromDays(10));
        await using Receiver receiver = await Receiver.StartAsync(ending);
        await using Receiver operations = await Receiver.StartAsync();
        await using TestDatabase database = TestDatabase.New();
        TestAppSetup setup = new() { Database = database, Services = services => Trust(services, ca) };
        await using TestApp app = await TestApp.StartAsync(setup);
        await CreateOperationsAsync(app, operations.Url, new[] { OperationalEventTypes.CertificateExpiring });
        Guid webhook = (await app.CreateWebhookAsync($"https://127.0.0.1:{receiver.Port}/")).Id();
        await EventuallyAsync(app, await app.PostEventAsync(), DeliveryStatus.Succeeded);
        JsonElement told = JsonDocument.Parse((await operations.ReceivedAsync(1))[0].Text).RootElement;
        Assert.Equal(webhook, told.GetProperty("webhook").Id());
        Assert.Equal(ending.NotAfter.ToUniversalTime(), told.Time("expiresAt").UtcDateTime);

        // A restart makes another handshake.
        await app.StopAsync();
        await using TestApp again = await TestApp.StartAsync(setup);
        await EventuallyAsync(again, await again.PostEventAsync(), DeliveryStatus.Succeeded);
        Assert.Equal(1, await again.QueryAsync(db => db.Events.CountAsync(e => e.Type == OperationalEventTypes.CertificateExpiring)));
    }

    [Fact]
    public async Task Handshake_CertificateEndsLater_TellsNobody()
    {
        using TestCa ca = new();
        using X509Certificate2 fresh = ca.Issue(until: TimeSpan.FromDays(15));
        await using Receiver receiver = await Receiver.StartAsync(fresh);
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Services = services => Trust(services, ca) });
        await CreateOperationsAsync(app, "http://127.0.0.1:9/");
        await app.CreateWebhookAsync($"https://127.0.0.1:{receiver.Port}/");
        await EventuallyAsync(app, await app.PostEventAsync(), DeliveryStatus.Succeeded);
        Assert.Equal(1, await app.QueryAsync(db => db.Events.CountAsync()));
        Assert.NotNull((await app.QueryAsync(db => db.WebhookHealth.SingleAsync())).CertificateExpiresAt);
    }

    private static void Trust(IServiceCollection services, TestCa ca) =>
        services
            .RemoveAll<WebhookSender>()
            .AddSingleton(provider => new WebhookSender(
                provider.GetRequiredService<TargetGuard>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IOptions<DeliveryOptions>>(),
                ca.Trust()
            ));

    private static Task EventuallyFailedAsync(TestApp app, Guid eventId) => EventuallyAsync(app, eventId, DeliveryStatus.Failed);

    private static Task EventuallyAsync(TestApp app, Guid eventId, DeliveryStatus status) =>
        Eventually.TrueAsync(() => app.QueryAsync(db => db.Deliveries.AnyAsync(d => d.EventId == eventId && d.Status == status)));
}
