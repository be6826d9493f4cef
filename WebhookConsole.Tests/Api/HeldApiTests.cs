using System.Net;
using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What was held while a webhook was off, through the API (specification §8, §12).</summary>
[Collection(ApiFixture.Collection)]
public sealed class HeldApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    [Fact]
    public async Task Held_SendSince_SendsTheLaterOnesAndDiscardsTheRest()
    {
        string type = $"held.{NewName().Replace(' ', '-')}";
        Guid webhook = (await NewWebhookAsync(new { eventTypes = new[] { type }, enabled = false })).Id();
        Guid first = await App.PostEventAsync(type);
        DateTimeOffset made = (await App.GetAsync($"events/{first}")).Json.Time("createdAt");
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > made.AddMilliseconds(2));
        Guid second = await App.PostEventAsync(type);
        object send = new { action = "send", since = (await App.GetAsync($"events/{second}")).Json.Text("createdAt") };

        // It would be held again at once.
        (await App.PostAsync($"webhooks/{webhook}/held", send)).ExpectProblem(HttpStatusCode.Conflict, "webhook_not_active");
        (await App.PatchAsync($"webhooks/{webhook}", new { enabled = true })).Expect(HttpStatusCode.OK);
        Assert.Equal("held", (await App.DeliveryOfAsync(first)).Text("status"));

        Assert.Equal(1, await MovedAsync(webhook, send));
        await App.DeliveryAsync(second, "succeeded");
        Assert.Equal("held", (await App.DeliveryOfAsync(first)).Text("status"));
        Assert.Equal(1, await MovedAsync(webhook, new { action = "discard" }));
        Assert.Equal("cancelled", (await App.DeliveryOfAsync(first)).Text("status"));
        Assert.Equal(0, await MovedAsync(webhook, new { action = "send" }));
    }

    [Fact]
    public async Task TurnOn_WithAChoice_DoesBothInOneCall()
    {
        string type = $"held.{NewName().Replace(' ', '-')}";
        Guid webhook = (await NewWebhookAsync(new { eventTypes = new[] { type + ".*" }, enabled = false })).Id();
        Guid sent = await App.PostEventAsync(type + ".sent");
        Guid other = await App.PostEventAsync(type + ".other");
        object held = new { action = "send", eventTypes = new[] { type + ".sent" } };
        (await App.PatchAsync($"webhooks/{webhook}", new { enabled = true, held })).Expect(HttpStatusCode.OK);
        await App.DeliveryAsync(sent, "succeeded");
        Assert.Equal("held", (await App.DeliveryOfAsync(other)).Text("status"));

        // It is on already: the choice is still about what it holds.
        (await App.PatchAsync($"webhooks/{webhook}", new { enabled = true, held = new { action = "discard" } })).Expect(HttpStatusCode.OK);
        Assert.Equal("cancelled", (await App.DeliveryOfAsync(other)).Text("status"));
    }

    [Fact]
    public async Task TurnOn_ChoiceThatCannotBe_ChangesNothing()
    {
        Guid webhook = (await NewWebhookAsync(new { eventTypes = new[] { "held.refused" }, enabled = false })).Id();
        object send = new { action = "send" };
        foreach (object body in new object[] { new { held = send }, new { enabled = false, held = send }, new { name = "renamed", held = send } })
        {
            ApiAnswer refused = await App.PatchAsync($"webhooks/{webhook}", body);
            refused.ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
            Assert.Contains("\"enabled\": true", refused.Json.GetProperty("errors").GetProperty("held")[0].GetString(), StringComparison.Ordinal);
        }

        object mixed = new { enabled = true, held = new { action = "discard", probeFirst = true } };
        (await App.PatchAsync($"webhooks/{webhook}", mixed)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await App.PatchAsync($"webhooks/{webhook}", new { enabled = true, held = new { action = "keep" } })).ExpectProblem(
            HttpStatusCode.BadRequest,
            "validation_failed"
        );
        JsonElement stored = (await App.GetAsync($"webhooks/{webhook}")).Json;
        Assert.Equal((false, 1), (stored.GetProperty("enabled").GetBoolean(), stored.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Held_OneFirst_NamesTheRecovery()
    {
        string type = $"held.{NewName().Replace(' ', '-')}";
        Guid webhook = (await NewWebhookAsync(new { eventTypes = new[] { type }, enabled = false })).Id();
        Guid sent = await App.PostEventAsync(type);
        (await App.PatchAsync($"webhooks/{webhook}", new { enabled = true })).Expect(HttpStatusCode.OK);
        JsonElement answer = (await App.PostAsync($"webhooks/{webhook}/held", new { action = "send", probeFirst = true })).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal(1, answer.GetProperty("count").GetInt32());
        await App.DeliveryAsync(sent, "succeeded");
        Assert.Equal("held", (await App.GetAsync($"recoveries/{answer.Text("recoveryId")}")).Json.Items("statuses").Single().GetString());
    }

    [Fact]
    public async Task Held_UnknownWebhook_Is404() =>
        (await App.PostAsync("webhooks/01890000-0000-7000-8000-000000000000/held", new { action = "send" })).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );

    private async Task<int> MovedAsync(Guid webhook, object body)
    {
        JsonElement answer = (await App.PostAsync($"webhooks/{webhook}/held", body)).Expect(HttpStatusCode.Accepted).Json;
        return answer.GetProperty("count").GetInt32();
    }
}
