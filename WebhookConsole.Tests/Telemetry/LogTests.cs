using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Telemetry;

/// <summary>One line for every attempt, whatever caused it, as text and as JSON (specification §13).</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Log_AttemptOfEveryTrigger_HasOneLine()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = r => r.Header("X-Webhook-Event") == "order.broken" && r.Number < 6 ? 500 : 200;
        await using TestApp app = await TestApp.StartAsync();
        Guid webhook = (await app.CreateWebhookAsync(receiver.Url, retrySchedule: "none", more: new { verify = true })).Id();
        await app.PostAsync($"webhooks/{webhook}/test", new { });
        Guid id = await app.PostEventAsync("order.broken");
        Guid delivery = (await app.DeliveryAsync(id, "failed")).Id();
        (await app.PostAsync($"deliveries/{delivery}/replay")).Expect(HttpStatusCode.OK);
        receiver.Answer = _ => 200;
        DateTimeOffset now = (await app.DeliveryOfAsync(id)).Time("createdAt");
        ApiAnswer recovery = await app.PostAsync(
            "recoveries",
            new
            {
                since = Rfc3339.Write(now.AddMinutes(-1)),
                until = Rfc3339.Write(now.AddMinutes(1)),
                statuses = new[] { "failed" },
            }
        );
        recovery.Expect(HttpStatusCode.Accepted);
        await app.DeliveryAsync(id, "succeeded");

        string[] lines = [.. app.Log.Lines.Where(l => l.Contains($"of webhook {webhook}: ", StringComparison.Ordinal))];
        Assert.Equal(await app.QueryAsync(db => db.Attempts.CountAsync()), lines.Length);
        foreach (string trigger in new[] { "verify", "test", "automatic", "replay", "recover" })
        {
            Assert.Single(lines, l => l.Contains($": {trigger} attempt ", StringComparison.Ordinal));
        }

        Assert.Contains(lines, l => l.Contains(": http_5xx 500 in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_JsonFormatter_EveryLineIsAnObjectWithoutSecrets()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["Logging__Console__FormatterName"] = "json",
            ["Setup__ApiToken"] = TestApp.Token,
            ["Setup__OwnerEmail"] = "owner@example.com",
            ["Setup__OwnerPassword"] = "passphrase-of-the-owner-4711",
        };
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(environment);
        using HttpClient client = new(new SocketsHttpHandler()) { BaseAddress = console.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token);
        HttpResponseMessage made = await client.PostAsJsonAsync("/api/v1/projects/default/webhooks", new { name = "hook", url = receiver.Url });
        string secret = (await made.Content.ReadFromJsonAsync<JsonElement>()).Text("secret")!;
        const string Payload = "what-a-payload-says-about-somebody";
        await client.PostAsJsonAsync("/api/v1/projects/default/events", new { type = "order.created", payload = new { text = Payload + "\n\"quoted\"" } });
        await Eventually.TrueAsync(() => console.Output.Contains("automatic attempt", StringComparison.Ordinal), () => console.Output);

        string[] lines = console.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] objects = [.. lines.Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.All(objects, o => Assert.Equal(JsonValueKind.Object, o.ValueKind));
        JsonElement attempt = Assert.Single(objects, o => o.GetProperty("State").TryGetProperty("Trigger", out JsonElement t) && t.GetString() == "automatic");
        Assert.Equal("success", attempt.GetProperty("State").Text("Outcome"));
        Assert.Equal(200, attempt.GetProperty("State").GetProperty("StatusCode").GetInt32());
        string all = console.Output;
        foreach (string hidden in new[] { secret, TestApp.Token, "passphrase-of-the-owner-4711", Payload })
        {
            Assert.DoesNotContain(hidden, all, StringComparison.Ordinal);
        }
    }
}
