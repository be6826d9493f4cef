using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Webhooks through the API (specification §3, §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class WebhooksApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Theory]
    [InlineData("""{"name":7,"url":"https://hooks.example.com/"}""", "name")]
    [InlineData("""{"name":"a","url":["x"]}""", "url")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","enabled":"yes"}""", "enabled")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","format":"md5"}""", "format")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","retrySchedule":"often"}""", "retrySchedule")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","retrySchedule":[0]}""", "retrySchedule")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","retrySchedule":[1.5]}""", "retrySchedule")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","eventTypes":"order.created"}""", "eventTypes")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","eventTypes":["has space"]}""", "eventTypes")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","eventTypes":[]}""", "eventTypes")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","maxInFlight":0}""", "maxInFlight")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","maxInFlight":1e99}""", "maxInFlight")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","headers":{"webhook-id":"x"}}""", "headers")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":"line\nbreak"}}""", "headers")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":"1","x-a":"2"}}""", "headers")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","secret":"short"}""", "secret")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","colour":"red"}""", "colour")]
    [InlineData("""{"name":"","url":"https://hooks.example.com/"}""", "name")]
    [InlineData("""{"name":"with \u0000 NUL","url":"https://hooks.example.com/"}""", "name")]
    [InlineData("""{"name":"a","description":"with \u0000 NUL","url":"https://hooks.example.com/"}""", "description")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","eventTypes":null}""", "eventTypes")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","eventTypes":[null]}""", "eventTypes")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":null}}""", "headers")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","enabled":null}""", "enabled")]
    [InlineData("""{"name":"a","url":"https://hooks.example.com/","retrySchedule":"5,60"}""", "retrySchedule")]
    [InlineData("""{"name":"a"}""", "url")]
    [InlineData("""[]""", "$")]
    public async Task CreateWebhook_WrongField_IsNamed(string body, string field)
    {
        ApiAnswer answer = (await App.PostAsync("webhooks", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task UpdateWebhook_StaleVersion_Is409()
    {
        JsonElement webhook = await NewWebhookAsync();
        Guid id = webhook.Id();
        int version = webhook.GetProperty("version").GetInt32();
        (await App.PatchAsync($"webhooks/{id}", new { description = "first", version })).Expect(HttpStatusCode.OK);
        ApiAnswer stale = (await App.PatchAsync($"webhooks/{id}", new { description = "second", version })).ExpectProblem(
            HttpStatusCode.Conflict,
            "stale_edit"
        );
        JsonElement stored = (await App.GetAsync($"webhooks/{id}")).Json;
        Assert.Equal(stored.GetRawText(), stale.Json.GetProperty("current").GetRawText());
        Assert.Equal("first", (await App.GetAsync($"webhooks/{id}")).Json.Text("description"));
    }

    [Fact]
    public async Task UpdateWebhook_NamedFields_ChangeAndOthersStay()
    {
        JsonElement webhook = await NewWebhookAsync(
            new
            {
                eventTypes = new[] { "a.*", "b" },
                description = "old",
                maxInFlight = 3,
            }
        );
        JsonElement changed = (await App.PatchAsync($"webhooks/{webhook.Id()}", new { description = "new", retrySchedule = new[] { 5, 60 } }))
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal("new", changed.Text("description"));
        Assert.Equal("[5,60]", changed.GetProperty("retrySchedule").GetRawText());
        Assert.Equal("""["a.*","b"]""", changed.GetProperty("eventTypes").GetRawText());
        Assert.Equal(3, changed.GetProperty("maxInFlight").GetInt32());
        AuditEntry audit = await App.QueryAsync(db => db.AuditEntries.SingleAsync(a => a.TargetId == webhook.Id() && a.Action == AuditActions.WebhookUpdated));
        Assert.Contains("""["old","new"]""", audit.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateWebhook_TakenName_Is409()
    {
        JsonElement webhook = await NewWebhookAsync();
        (await App.PostAsync("webhooks", new { name = webhook.Text("name"), url = Receiver.Url })).ExpectProblem(HttpStatusCode.Conflict, "name_taken");
        await App.DeleteAsync($"webhooks/{webhook.Id()}");
        (
            await App.PostAsync(
                "webhooks",
                new
                {
                    name = webhook.Text("name"),
                    url = Receiver.Url,
                    eventTypes = new[] { "never.posted" },
                }
            )
        ).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Test_Webhook_SendsOneMarkedAttempt()
    {
        JsonElement webhook = await NewWebhookAsync();
        JsonElement test = (await App.PostAsync($"webhooks/{webhook.Id()}/test", new { eventType = "order.created" })).Expect(HttpStatusCode.OK).Json;
        Assert.True(test.GetProperty("test").GetBoolean());
        Assert.True(test.GetProperty("payload").GetProperty("test").GetBoolean());
        Assert.Equal(("succeeded", "order.created"), (test.Text("status"), test.Text("eventType")));
        Assert.Equal("test", Assert.Single(test.Items("attempts")).Text("trigger"));
        Assert.Equal(test.Text("eventId"), Receiver.Requests.Last(r => r.WebhookId == test.Text("eventId")).WebhookId);
        Assert.Equal(test.Id(), (await App.GetAsync($"deliveries/{test.Id()}")).Json.Id());
    }

    [Theory]
    [InlineData("""{"eventType":"has space"}""")]
    [InlineData("""{"eventType":5}""")]
    public async Task Test_WrongType_Is400(string body) =>
        (await App.PostAsync($"webhooks/{(await NewWebhookAsync()).Id()}/test", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task UpdateWebhook_EditAndToggle_AreOneChange()
    {
        JsonElement webhook = await NewWebhookAsync();
        Guid id = webhook.Id();
        JsonElement changed = (await App.PatchAsync($"webhooks/{id}", new { description = "resting", enabled = false })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("resting", "disabled", 2), (changed.Text("description"), changed.Text("state"), changed.GetProperty("version").GetInt32()));
        Assert.Equal(
            [AuditActions.WebhookDisabled, AuditActions.WebhookUpdated],
            await App.QueryAsync(db =>
                db.AuditEntries.Where(a => a.TargetId == id && a.Action != AuditActions.WebhookCreated).Select(a => a.Action).Order().ToListAsync()
            )
        );

        // What is refused changes neither.
        string taken = (await NewWebhookAsync()).Text("name")!;
        (await App.PatchAsync($"webhooks/{id}", new { name = taken, enabled = true })).ExpectProblem(HttpStatusCode.Conflict, "name_taken");
        Assert.False((await App.GetAsync($"webhooks/{id}")).Json.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task UpdateWebhook_NullOrAllAgain_ClearsTheField()
    {
        JsonElement webhook = await NewWebhookAsync(
            new
            {
                eventTypes = new[] { "never.posted" },
                rateLimitPerSecond = 5,
                headers = new Dictionary<string, string> { ["X-A"] = "1" },
            }
        );
        JsonElement changed = (
            await App.PatchAsync($"webhooks/{webhook.Id()}", """{"rateLimitPerSecond":null,"headers":{},"eventTypes":["never.posted","b.*"]}""")
        )
            .Expect(HttpStatusCode.OK)
            .Json;
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("rateLimitPerSecond").ValueKind);
        Assert.Empty(changed.GetProperty("headers").EnumerateObject());
        (await App.PatchAsync($"webhooks/{webhook.Id()}", """{"eventTypes":[]}""")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await App.PatchAsync($"webhooks/{webhook.Id()}", """{"url":null}""")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("\"1\"", null, HttpStatusCode.OK)]
    [InlineData("\"1\"", 1, HttpStatusCode.OK)]
    [InlineData("*", null, HttpStatusCode.OK)]
    [InlineData("\"7\"", null, HttpStatusCode.Conflict)]
    [InlineData("1", null, HttpStatusCode.BadRequest)]
    [InlineData("W/\"1\"", null, HttpStatusCode.BadRequest)]
    [InlineData("\"nonsense\"", null, HttpStatusCode.BadRequest)]
    [InlineData("\"1\"", 2, HttpStatusCode.BadRequest)]
    public async Task UpdateWebhook_IfMatch_IsTheVersion(string ifMatch, int? version, HttpStatusCode expected)
    {
        Guid id = (await NewWebhookAsync()).Id();
        string body = version is null ? """{"description":"x"}""" : $$"""{"description":"x","version":{{version}}}""";
        ApiAnswer answer = await App.SendAsync(HttpMethod.Patch, $"webhooks/{id}", body, change: r => r.Headers.TryAddWithoutValidation("If-Match", ifMatch));
        answer.Expect(expected);
    }
}
