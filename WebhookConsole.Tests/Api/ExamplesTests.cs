using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>Every example of the OpenAPI document follows its schema, and the application takes those that are sent (specification §12).</summary>
public sealed class ExamplesTests : IAsyncLifetime
{
    private const string ExampleHost = "https://hooks.example.com";

    private TestApp _app = null!;
    private Receiver _receiver = null!;

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

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Calls(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select (method.Name.ToUpperInvariant(), path.Name, method.Value);

    private async Task<JsonElement> DocumentAsync() => (await _app.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;

    [Fact]
    public async Task Examples_All_FollowTheirSchemas()
    {
        JsonElement document = await DocumentAsync();
        SchemaCheck schemas = new(document);
        List<string> wrong = [];
        int seen = 0;
        foreach ((string method, string path, JsonElement operation) in Calls(document))
        {
            IEnumerable<JsonElement> contents = operation.GetProperty("responses").EnumerateObject().Select(r => r.Value);
            contents = operation.TryGetProperty("requestBody", out JsonElement body) ? contents.Append(body) : contents;
            IEnumerable<JsonElement> typed = contents
                .Where(c => c.TryGetProperty("content", out _))
                .SelectMany(c => c.GetProperty("content").EnumerateObject())
                .Select(m => m.Value);
            typed = operation.TryGetProperty("parameters", out JsonElement parameters) ? typed.Concat(parameters.EnumerateArray()) : typed;
            foreach (JsonElement item in typed)
            {
                seen++;
                wrong.AddRange(schemas.ProblemsOf(item.GetProperty("example"), item.GetProperty("schema")).Select(p => $"{method} {path}: {p}"));
            }
        }

        Assert.Empty(wrong);
        Assert.True(seen > 200, $"Only {seen} examples were found.");
    }

    [Fact]
    public async Task Examples_Sent_AreAnsweredAsTheDocumentSays()
    {
        JsonElement document = await DocumentAsync();

        // What the examples refer to: a webhook whose deliveries fail, so that there is something to recover and to hold.
        _receiver.Answer = _ => 503;
        JsonElement webhook = await _app.CreateWebhookAsync(_receiver.Url, "none", more: new { eventTypes = new[] { "order.*" }, format = "standard" });
        Guid eventId = await _app.PostEventAsync();
        JsonElement delivery = await _app.DeliveryAsync(eventId, "failed");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JsonElement recovery = (
            await _app.PostAsync(
                "recoveries",
                new
                {
                    since = now.AddDays(-1),
                    until = now.AddDays(1),
                    statuses = new[] { "failed" },
                }
            )
        ).Expect(HttpStatusCode.Accepted).Json;
        await Eventually.TrueAsync(async () => (await _app.GetAsync($"recoveries/{recovery.Id()}")).Json.Text("status") == "completed");
        _receiver.Answer = _ => 200;
        List<string> unexpected = [];
        foreach ((string method, string path, JsonElement operation) in Calls(document).OrderBy(c => c.Method == "DELETE"))
        {
            string address = AddressOf(path, webhook.Id(), delivery.Id(), eventId, recovery.Id());
            JsonNode? body = operation.TryGetProperty("requestBody", out JsonElement described)
                ? JsonNode.Parse(described.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText())
                : null;
            ApiAnswer answer = await _app.SendAsync(new HttpMethod(method), address, body is null ? null : Fitted(body, webhook.Id(), now).ToJsonString());

            // SendAsync has held the answer to the document. A refusal must be one that this very state explains.
            if (answer.Status >= HttpStatusCode.BadRequest && !Explained(operation.Text("operationId")!, answer))
            {
                unexpected.Add($"{method} {address}: {answer.Status} {answer.Text}");
            }
        }

        Assert.Empty(unexpected);
    }

    // One call has taken the last step of another, or something is left for none of them.
    private static bool Explained(string operation, ApiAnswer answer) =>
        (operation, answer.Code) switch
        {
            ("updateWebhook" or "updateEventType", "stale_edit") => true,
            ("pauseRecovery" or "resumeRecovery" or "cancelRecovery", "recovery_over") => true,
            ("startRecovery", "nothing_to_recover") => true,
            ("revokePreviousSecret", "no_previous_secret") => true,
            ("createEventType", "event_type_exists") => true,
            _ => false,
        };

    private static string AddressOf(string path, Guid webhook, Guid delivery, Guid eventId, Guid recovery) =>
        path.Replace("{project}", "default", StringComparison.Ordinal)
            .Replace("{projectId}", "default", StringComparison.Ordinal)
            .Replace("{name}", "order.created", StringComparison.Ordinal)
            .Replace(
                "{id}",
                (
                    path.Contains("/webhooks/", StringComparison.Ordinal) ? webhook
                    : path.Contains("/deliveries/", StringComparison.Ordinal) ? delivery
                    : path.Contains("/recoveries/", StringComparison.Ordinal) ? recovery
                    : eventId
                ).ToString(),
                StringComparison.Ordinal
            );

    // The examples name a host, an id and times that are not here.
    private JsonNode Fitted(JsonNode body, Guid webhook, DateTimeOffset now)
    {
        if (body is not JsonObject fields)
        {
            return body;
        }

        foreach ((string name, JsonNode? value) in fields.ToArray())
        {
            fields[name] = name switch
            {
                "url" => _receiver.Url + value!.GetValue<string>()[ExampleHost.Length..],
                "webhookId" => webhook,
                "since" => Rfc3339.Write(now.AddDays(-1)),
                "until" => Rfc3339.Write(now.AddDays(1)),
                _ => value?.DeepClone(),
            };
        }

        return fields;
    }
}
