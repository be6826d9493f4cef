using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
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
        Targets targets = await PrepareAsync();
        List<string> unexpected = [];
        foreach ((string method, string path, JsonElement operation) in Calls(document).OrderBy(c => c.Method == "DELETE"))
        {
            string address = targets.AddressOf(path);
            ApiAnswer answer = await _app.SendAsync(new HttpMethod(method), address, BodyOf(operation, targets), change: r => AddHeaders(r, operation));

            // SendAsync has checked the answer against the document. A refusal must be one that this very state explains.
            if (answer.Status >= HttpStatusCode.BadRequest && !Explained(operation.Text("operationId")!, answer))
            {
                unexpected.Add($"{method} {address}: {answer.Status} {answer.Text}");
            }
        }

        Assert.Empty(unexpected);
    }

    [Fact]
    public async Task Posts_All_TakeAnIdempotencyKeyOrSayWhyNot()
    {
        JsonElement document = await DocumentAsync();
        (string Name, string Description)[] keyless =
        [
            .. Calls(document)
                .Where(c => c.Method == "POST" && !TakesKey(c.Operation))
                .Select(c => (c.Operation.Text("operationId")!, c.Operation.Text("description")!)),
        ];
        Assert.All(keyless, k => Assert.Matches("Takes no `Idempotency-Key`[.] [A-Z].+[.]$", k.Description));

        // A call that creates or sends something must not appear here.
        string[] known = ["cancelRecovery", "pauseRecovery", "postEvents", "resumeRecovery", "revokePreviousSecret"];
        Assert.Equal(known, keyless.Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Posts_TwiceWithOneKey_AreAnsweredAsBeforeAndDoneOnce()
    {
        JsonElement document = await DocumentAsync();
        Targets targets = await PrepareAsync();
        (await _app.DeleteAsync("event-types/order.created")).Expect(HttpStatusCode.NoContent);
        List<string> done = [];

        // A replay would leave nothing to recover, and what an event sends may arrive at any time.
        var posts = Calls(document)
            .Where(c => c.Method == "POST" && TakesKey(c.Operation))
            .OrderBy(c =>
                c.Operation.Text("operationId") is "startRecovery" ? 0
                : c.Operation.Text("operationId") is "postEvent" ? 2
                : 1
            );
        foreach ((string _, string path, JsonElement operation) in posts)
        {
            string name = operation.Text("operationId")!;
            ApiAnswer first = await PostAsync(path, name, BodyOf(operation, targets));
            Assert.True((int)first.Status < 300, $"{name}: {first.Text}");
            if (name == "startRecovery")
            {
                await CompletedAsync(first.Json.Id());
            }

            int entries = await EntriesAsync();
            int received = _receiver.Count;
            ApiAnswer again = await PostAsync(path, name, BodyOf(operation, targets));
            Assert.Equal(first.Status, again.Status);
            if (name == "postEvent")
            {
                // Its key is the id of the event, which is remembered for longer.
                Assert.True(again.Json.GetProperty("duplicate").GetBoolean());
                continue;
            }

            Assert.Equal((entries, received), (await EntriesAsync(), _receiver.Count));
            Assert.Equal(first.Text, again.Text);
            Assert.Equal(["true"], again.Headers.GetValues("Idempotent-Replayed"));
            done.Add(name);
        }

        Assert.Equal(10, done.Count);

        Task<ApiAnswer> PostAsync(string path, string key, string? body) =>
            _app.SendAsync(HttpMethod.Post, targets.AddressOf(path), body, change: r => r.Headers.Add("Idempotency-Key", key));
    }

    private Task CompletedAsync(Guid recovery) =>
        Eventually.TrueAsync(async () => (await _app.GetAsync($"recoveries/{recovery}")).Json.Text("status") == "completed");

    private Task<int> EntriesAsync() => _app.QueryAsync(db => db.AuditEntries.CountAsync());

    private static bool TakesKey(JsonElement operation) =>
        operation.TryGetProperty("parameters", out JsonElement all) && all.EnumerateArray().Any(p => p.Text("name") == "Idempotency-Key");

    // What the examples refer to: a webhook whose deliveries fail, so that there is something to recover and to hold.
    private async Task<Targets> PrepareAsync()
    {
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
        await CompletedAsync(recovery.Id());
        _receiver.Answer = _ => 200;
        return new Targets(webhook.Id(), delivery.Id(), eventId, recovery.Id(), now);
    }

    // Each call has a key and a version of its own, so that all examples can be sent as they are.
    private static void AddHeaders(HttpRequestMessage request, JsonElement operation)
    {
        JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement all) ? [.. all.EnumerateArray()] : [];
        foreach (JsonElement header in parameters.Where(p => p.Text("in") == "header"))
        {
            request.Headers.Add(header.Text("name")!, header.Text("example"));
        }
    }

    private string? BodyOf(JsonElement operation, Targets targets) =>
        operation.TryGetProperty("requestBody", out JsonElement described)
            ? Fitted(
                    JsonNode.Parse(described.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText())!,
                    targets.Webhook,
                    targets.Now
                )
                .ToJsonString()
            : null;

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

    private sealed record Targets(Guid Webhook, Guid Delivery, Guid Event, Guid Recovery, DateTimeOffset Now)
    {
        public string AddressOf(string path) =>
            path.Replace("{project}", "default", StringComparison.Ordinal)
                .Replace("{projectId}", "default", StringComparison.Ordinal)
                .Replace("{name}", "order.created", StringComparison.Ordinal)
                .Replace(
                    "{id}",
                    (
                        path.Contains("/webhooks/", StringComparison.Ordinal) ? Webhook
                        : path.Contains("/deliveries/", StringComparison.Ordinal) ? Delivery
                        : path.Contains("/recoveries/", StringComparison.Ordinal) ? Recovery
                        : Event
                    ).ToString(),
                    StringComparison.Ordinal
                );
    }

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
