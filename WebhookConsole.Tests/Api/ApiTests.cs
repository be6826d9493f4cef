using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>One application for the tests that change nothing another one sees.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public Receiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        App = await TestApp.StartAsync(new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "200" } });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

/// <summary>specification §12 and the bad input of §17, on the real application with a real SQLite file.</summary>
public sealed class ApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static int s_name;

    private TestApp App => fixture.App;

    private Receiver Receiver => fixture.Receiver;

    private static string NewName() => "hook " + Interlocked.Increment(ref s_name);

    // Listens to nothing that other tests post.
    private Task<JsonElement> NewWebhookAsync(object? more = null) =>
        App.CreateWebhookAsync(Receiver.Url, name: NewName(), more: more ?? new { eventTypes = new[] { "never.posted" } });

    [Theory]
    [InlineData("webhooks", "{\"name\": \"a\",\n  oops}", "line 2")]
    [InlineData("events", "{\"type\": \"a\",\n  \"payload\": {\"x\": tru}}", "line 2")]
    [InlineData("events", "", "byte")]
    [InlineData("events", "{\"type\":\"a\",\"payload\":1} trailing", "line 1")]
    [InlineData("events/batch", "[{\"type\":\"a\",\"payload\":1},", "line 1")]
    public async Task Post_BrokenJson_SaysWhere(string path, string body, string place)
    {
        ApiAnswer answer = (await App.PostAsync(path, body)).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
        Assert.Contains(place, answer.Json.Text("detail"), StringComparison.Ordinal);
        Assert.NotEqual("", answer.Json.Text("requestId"));
    }

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
    [InlineData("""{"name":"a"}""", "url")]
    [InlineData("""[]""", "$")]
    public async Task CreateWebhook_WrongField_IsNamed(string body, string field)
    {
        ApiAnswer answer = (await App.PostAsync("webhooks", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Theory]
    [InlineData("""{"payload":1}""", "type")]
    [InlineData("""{"type":"a b","payload":1}""", "type")]
    [InlineData("""{"type":7,"payload":1}""", "type")]
    [InlineData("""{"type":"a"}""", "payload")]
    [InlineData("""{"type":"a","payload":1,"id":""}""", "id")]
    [InlineData("""{"type":"a","payload":1,"id":5}""", "id")]
    [InlineData("""{"type":"a","payload":1,"more":5}""", "more")]
    [InlineData("""7""", "$")]
    public async Task PostEvent_WrongField_IsNamed(string body, string field)
    {
        ApiAnswer answer = (await App.PostAsync("events", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Theory]
    [InlineData("events", """{"type":"\ud800","payload":1}""")]
    [InlineData("events", """{"type":"a","payload":1,"id":"\udc00x"}""")]
    [InlineData("events", """{"\ud800":"a","payload":1}""")]
    [InlineData("events/batch", """{"type":"\ud800","payload":1}""")]
    [InlineData("webhooks", """{"name":"\ud800","url":"https://hooks.example.com/"}""")]
    [InlineData("webhooks", """{"\ud800":"a","url":"https://hooks.example.com/"}""")]
    [InlineData("webhooks", """{"name":"a","url":"https://hooks.example.com/","headers":{"X-A":"\ud800"}}""")]
    public async Task Post_HalfASurrogatePair_IsTheSendersFault(string path, string body)
    {
        ApiAnswer answer = await App.PostAsync(path, body);
        Assert.InRange((int)answer.Status, 200, 499);
        if (answer.Status == HttpStatusCode.Accepted)
        {
            Assert.Equal(1, answer.Json.GetProperty("refused").GetInt32());
        }
    }

    [Fact]
    public async Task Post_InvalidUtf8_IsTheSendersFault()
    {
        byte[] name = [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\",\"url\":\"https://hooks.example.com/\"}"u8];
        Assert.Equal(HttpStatusCode.BadRequest, (await App.PostAsync("webhooks", name)).Status);
        byte[] type = [.. "{\"type\":\""u8, 0xFF, .. "\",\"payload\":1}"u8];
        Assert.Equal(HttpStatusCode.BadRequest, (await App.PostAsync("events", type)).Status);
        byte[] payload = [.. "{\"type\":\"a\",\"payload\":\""u8, 0xFF, .. "\"}"u8];
        (await App.PostAsync("events", payload)).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Theory]
    [InlineData(64, HttpStatusCode.Accepted)]
    [InlineData(65, HttpStatusCode.BadRequest)]
    [InlineData(5000, HttpStatusCode.BadRequest)]
    public async Task PostEvent_Depth_IsLimited(int depth, HttpStatusCode expected)
    {
        string payload = new string('[', depth) + new string(']', depth);
        ApiAnswer answer = (await App.PostAsync("events", $$"""{"type":"deep","payload":{{payload}}}""")).Expect(expected);
        Assert.True(expected == HttpStatusCode.Accepted || answer.Code == "malformed_json");
    }

    [Fact]
    public async Task CreateWebhook_TooDeep_IsMalformed() =>
        (await App.PostAsync("webhooks", new string('[', 100) + new string(']', 100))).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");

    [Theory]
    [InlineData("events", 300 * 1024)]
    [InlineData("events", 2 * 1024 * 1024)]
    [InlineData("events/batch", 9 * 1024 * 1024)]
    [InlineData("webhooks", 600 * 1024)]
    public async Task Post_TooLarge_Is413AndTheClientGoesOn(string path, int size)
    {
        using HttpClient client = App.NewClient(TestApp.Token);
        string body = $$"""{"type":"big","payload":"{{new string('x', size)}}"}""";
        ApiAnswer answer = await App.SendAsync(HttpMethod.Post, path, path == "events/batch" ? "[" + body + "]" : body, client);
        answer.ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_GigabyteAnnounced_IsRefusedBeforeItIsSent()
    {
        using System.Net.Sockets.TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, App.Address.Port);
        await using System.Net.Sockets.NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/v1/projects/default/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestApp.Token}\r\nContent-Length: 1073741824\r\n\r\n"
            )
        );
        byte[] buffer = new byte[64];
        int length = await stream.ReadAtLeastAsync(buffer, 16);
        Assert.StartsWith("HTTP/1.1 413 ", Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TooLargeInChunks_Is413()
    {
        using HttpClient client = App.NewClient(TestApp.Token);

        // Often, because it is about who is faster: the answer, or the sender who still writes.
        for (int i = 0; i < 20; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/projects/default/events")
            {
                Content = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024])),
            };
            request.Headers.TransferEncodingChunked = true;
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }

        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PostEvent_LargestPayload_IsTaken() =>
        (await App.PostAsync("events", $$"""{"type":"big","payload":"{{new string('x', (256 * 1024) - 2)}}"}""")).Expect(HttpStatusCode.Accepted);

    [Fact]
    public async Task PostBatch_ThousandAndOne_Is413()
    {
        string Batch(int n) => "[" + string.Join(',', Enumerable.Repeat("""{"type":"many","payload":0}""", n)) + "]";
        (await App.PostAsync("events/batch", Batch(1001))).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        Assert.Equal(1000, (await App.PostAsync("events/batch", Batch(1000))).Expect(HttpStatusCode.Accepted).Json.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData(null, "Bearer")]
    [InlineData("Bearer nonsense-that-is-no-token-at-all", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer ", "Bearer error=\"invalid_token\"")]
    [InlineData("Basic YTpi", "Bearer error=\"invalid_token\"")]
    public async Task Call_WithoutAValidToken_Is401WithChallenge(string? authorization, string challenge)
    {
        using HttpClient client = App.NewClient(null);
        foreach (string path in new[] { "webhooks", "deliveries", "/webhooks/test/project/default" })
        {
            ApiAnswer answer = await App.SendAsync(
                path.StartsWith('/') ? HttpMethod.Post : HttpMethod.Get,
                path,
                client: client,
                change: r =>
                {
                    if (authorization is not null)
                    {
                        r.Headers.TryAddWithoutValidation("Authorization", authorization);
                    }
                }
            );
            answer.ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.Equal(challenge, answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Call_WithARevokedToken_Is401AtOnce()
    {
        Guid project = await App.ProjectIdAsync();
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, project, "short-lived", TokenScopes.WebhooksRead, null);
        using HttpClient client = App.NewClient(issued.Text);
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
        await App.Get<ApiTokenService>().RevokeAsync(Actor.System, project, issued.Token.Id);
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: client)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    public static TheoryData<string, string, TokenScopes> ScopedCalls =>
        new()
        {
            { "GET", "webhooks", TokenScopes.WebhooksRead | TokenScopes.WebhooksWrite },
            { "POST", "webhooks", TokenScopes.WebhooksWrite },
            { "PATCH", "webhooks/{id}", TokenScopes.WebhooksWrite },
            { "POST", "webhooks/{id}/test", TokenScopes.WebhooksWrite },
            { "POST", "webhooks/{id}/rotate", TokenScopes.SecretsRotate },
            { "POST", "webhooks/{id}/revoke-previous", TokenScopes.SecretsRotate },
            { "POST", "events", TokenScopes.EventsWrite },
            { "POST", "events/batch", TokenScopes.EventsWrite },
            { "GET", "deliveries", TokenScopes.DeliveriesRead },
            { "POST", "deliveries/{id}/replay", TokenScopes.DeliveriesReplay },
        };

    [Theory]
    [MemberData(nameof(ScopedCalls))]
    public async Task Call_WithoutItsScope_Is403(string method, string path, TokenScopes needed)
    {
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, await App.ProjectIdAsync(), "scoped", TokenScopes.All & ~needed, null);
        using HttpClient client = App.NewClient(issued.Text);
        Guid id = (await NewWebhookAsync()).Id();

        // PATCH and the like look the webhook up first, which needs a scope of its own.
        object? body = path switch
        {
            "webhooks" when method == "POST" => new { name = NewName(), url = Receiver.Url },
            "events" => new { type = "a", payload = 1 },
            "events/batch" => "[]",
            _ when method == "PATCH" => new { description = "x" },
            _ => null,
        };
        ApiAnswer answer = await App.SendAsync(new HttpMethod(method), path.Replace("{id}", id.ToString(), StringComparison.Ordinal), body, client);
        answer.ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Call_ForAnotherProject_Is404()
    {
        Guid other = Guid.CreateVersion7();
        await App.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = other,
                    Slug = "other-" + other.ToString("N")[^8..],
                    Name = "Other",
                    CreatedAt = TimeProvider.System.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync();
        });
        IssuedToken issued = await App.Get<ApiTokenService>().CreateAsync(Actor.System, other, "other", TokenScopes.All, null);
        using HttpClient stranger = App.NewClient(issued.Text);
        Guid webhook = (await NewWebhookAsync()).Id();
        Guid delivery = (await App.PostAsync($"webhooks/{webhook}/test")).Json.Id();

        // Into a project that is not theirs, and at its ids through their own.
        (await App.SendAsync(HttpMethod.Get, "webhooks", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        foreach (string call in new[] { $"webhooks/{webhook}", $"deliveries/{delivery}", $"events/{delivery}" })
        {
            (await App.SendAsync(HttpMethod.Get, $"/api/v1/projects/{other}/{call}", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }

        foreach (
            string call in new[]
            {
                $"webhooks/{webhook}/test",
                $"webhooks/{webhook}/rotate",
                $"webhooks/{webhook}/verify",
                $"webhooks/{webhook}/revoke-previous",
                $"deliveries/{delivery}/replay",
            }
        )
        {
            (await App.SendAsync(HttpMethod.Post, $"/api/v1/projects/{other}/{call}", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        }

        (await App.SendAsync(HttpMethod.Delete, $"/api/v1/projects/{other}/webhooks/{webhook}", client: stranger)).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );
        (await App.SendAsync(HttpMethod.Patch, $"/api/v1/projects/{other}/webhooks/{webhook}", new { name = "mine" }, stranger)).ExpectProblem(
            HttpStatusCode.NotFound,
            "not_found"
        );
        (await App.SendAsync(HttpMethod.Post, "/webhooks/test/project/default", client: stranger)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Empty(
            (await App.SendAsync(HttpMethod.Get, $"/api/v1/projects/{other}/deliveries?webhookId={webhook}", client: stranger))
                .Expect(HttpStatusCode.OK)
                .Json.Items("items")
        );
    }

    [Theory]
    [InlineData("webhooks/01890000-0000-7000-8000-000000000000")]
    [InlineData("deliveries/01890000-0000-7000-8000-000000000000")]
    [InlineData("events/01890000-0000-7000-8000-000000000000")]
    [InlineData("webhooks/not-an-id")]
    [InlineData("nothing")]
    [InlineData("/api/v1/projects/unknown/webhooks")]
    public async Task Get_Unknown_Is404(string path) => (await App.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");

    [Theory]
    [InlineData("since=2026-01-31T09:30:00")]
    [InlineData("since=2026-01-31")]
    [InlineData("until=yesterday")]
    [InlineData("since=0001-01-01T00:00:00Z")]
    [InlineData("until=9999-12-31T23:59:59Z")]
    [InlineData("limit=1000000000")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("status=lost")]
    [InlineData("status=1")]
    [InlineData("failureClass=bad_luck")]
    [InlineData("failureClass=")]
    [InlineData("webhookId=7")]
    [InlineData("eventId=x")]
    [InlineData("test=maybe")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eventType=%00")]
    [InlineData("eventType=has%20space")]
    public async Task ListDeliveries_WrongQuery_Is400(string query) =>
        (await App.GetAsync("deliveries?" + query)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task ListDeliveries_Cursor_WalksTheListAndFitsNoOther()
    {
        Guid webhook = (await NewWebhookAsync()).Id();
        List<Guid> made = [];
        for (int i = 0; i < 5; i++)
        {
            made.Insert(0, (await App.PostAsync($"webhooks/{webhook}/test")).Json.Id());
        }

        List<Guid> seen = [];
        string? cursor = null;
        do
        {
            JsonElement page = (await App.GetAsync($"deliveries?webhookId={webhook}&limit=2" + (cursor is null ? "" : "&cursor=" + cursor)))
                .Expect(HttpStatusCode.OK)
                .Json;
            seen.AddRange(page.Items("items").Select(i => i.Id()));
            cursor = page.Text("nextCursor");
            if (cursor is not null)
            {
                (await App.GetAsync($"deliveries?webhookId={webhook}&limit=2&status=failed&cursor={cursor}")).ExpectProblem(
                    HttpStatusCode.BadRequest,
                    "validation_failed"
                );
                (await App.GetAsync($"deliveries?cursor={cursor}")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
            }
        } while (cursor is not null);
        Assert.Equal(made, seen);
    }

    [Fact]
    public async Task UpdateWebhook_StaleVersion_Is409()
    {
        JsonElement webhook = await NewWebhookAsync();
        Guid id = webhook.Id();
        int version = webhook.GetProperty("version").GetInt32();
        (await App.PatchAsync($"webhooks/{id}", new { description = "first", version })).Expect(HttpStatusCode.OK);
        (await App.PatchAsync($"webhooks/{id}", new { description = "second", version })).ExpectProblem(HttpStatusCode.Conflict, "stale_edit");
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
    public async Task PostEvent_SameIdAgain_AnswersTheFirst()
    {
        string id = "order-" + Guid.CreateVersion7();
        JsonElement first = (
            await App.PostAsync(
                "events",
                new
                {
                    type = "a",
                    payload = 1,
                    id,
                }
            )
        ).Expect(HttpStatusCode.Accepted).Json;
        JsonElement again = (
            await App.PostAsync(
                "events",
                new
                {
                    type = "a",
                    payload = 2,
                    id,
                }
            )
        ).Expect(HttpStatusCode.Accepted).Json;
        Assert.False(first.GetProperty("duplicate").GetBoolean());
        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(first.Id(), again.Id());
        Assert.Equal(1, (await App.GetAsync($"events/{first.Id()}")).Json.GetProperty("payload").GetInt32());

        // The header is the same thing said elsewhere.
        ApiAnswer header = await App.SendAsync(HttpMethod.Post, "events", new { type = "a", payload = 3 }, change: r => r.Headers.Add("Idempotency-Key", id));
        Assert.Equal(first.Id(), header.Expect(HttpStatusCode.Accepted).Json.Id());
        (
            await App.SendAsync(
                HttpMethod.Post,
                "events",
                new { type = "a", payload = 3 },
                change: r => r.Headers.TryAddWithoutValidation("Idempotency-Key", new string('x', 300))
            )
        ).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task PostEvent_PayloadWithWhiteSpace_IsKeptCompact()
    {
        JsonElement posted = (await App.PostAsync("events", "{ \"type\" : \"a\", \"payload\" : { \"z\" : 1.0 , \"a\" : \"\\u00fc\" } }"))
            .Expect(HttpStatusCode.Accepted)
            .Json;
        Assert.Equal(
            """{"z":1.0,"a":"ü"}""",
            await App.QueryAsync(async db => Encoding.UTF8.GetString((await db.Events.SingleAsync(e => e.Id == posted.Id())).Payload))
        );
    }

    [Theory]
    [InlineData("[{0},{1},{2},{0}]")]
    [InlineData("{0}\n\n{1}\r\n{2}\n{0}\n")]
    public async Task PostBatch_MixedItems_AreAnsweredOneByOne(string form)
    {
        string good = """{"type":"batch.item","payload":{"n":1}}""";
        string badType = """{"type":"no good","payload":1}""";
        string huge = $$"""{"type":"batch.item","payload":"{{new string('x', 300 * 1024)}}"}""";
        string body = form.Replace("{0}", good, StringComparison.Ordinal)
            .Replace("{1}", badType, StringComparison.Ordinal)
            .Replace("{2}", huge, StringComparison.Ordinal);
        JsonElement answer = (await App.PostAsync("events/batch", body)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal((2, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("refused").GetInt32()));
        List<JsonElement> items = answer.Items("items");
        Assert.Equal(["validation_failed", "payload_too_large"], items.Skip(1).Take(2).Select(i => i.GetProperty("error").Text("code")));
        Assert.NotEqual(items[0].Id(), items[3].Id());
        Assert.False(items[0].TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("[{0},{1}]")]
    [InlineData("{0}\n{1}")]
    public async Task PostBatch_OneItemTooDeep_RefusesThatItemOnly(string form)
    {
        string deep = $$"""{"type":"batch.item","payload":{{new string('[', 66)}}{{new string(']', 66)}}}""";
        string body = form.Replace("{0}", deep, StringComparison.Ordinal).Replace("{1}", """{"type":"batch.item","payload":1}""", StringComparison.Ordinal);
        JsonElement answer = (await App.PostAsync("events/batch", body)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal((1, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task Rotate_Now_InvalidatesTheOldAtOnce()
    {
        JsonElement webhook = await NewWebhookAsync();
        string path = $"webhooks/{webhook.Id()}";
        JsonElement rotated = (await App.PostAsync(path + "/rotate")).Expect(HttpStatusCode.OK).Json;
        Assert.NotEqual(webhook.Text("secret"), rotated.Text("secret"));
        Assert.Equal(JsonValueKind.Null, rotated.GetProperty("previousExpiresAt").ValueKind);
        JsonElement attempt = (await App.PostAsync(path + "/test")).Json.Items("attempts")[0];
        Assert.Single(attempt.Items("signedWith"));
        Assert.NotEqual(webhook.Text("secretFingerprint"), attempt.Items("signedWith")[0].GetString());
        (await App.PostAsync(path + "/revoke-previous")).ExpectProblem(HttpStatusCode.Conflict, "no_previous_secret");
        AuditEntry audit = await App.QueryAsync(db => db.AuditEntries.SingleAsync(a => a.TargetId == webhook.Id() && a.Action == AuditActions.SecretRotated));
        Assert.DoesNotContain(rotated.Text("secret")!, audit.Details, StringComparison.Ordinal);
        Assert.Equal("Set-up", audit.ActorName);
    }

    [Fact]
    public async Task Rotate_WithOverlap_SignsWithBothUntilRevoked()
    {
        JsonElement webhook = await NewWebhookAsync();
        string path = $"webhooks/{webhook.Id()}";
        JsonElement rotated = (await App.PostAsync(path + "/rotate", new { overlapHours = 24 })).Expect(HttpStatusCode.OK).Json;
        Assert.InRange((rotated.Time("previousExpiresAt") - TimeProvider.System.GetUtcNow()).TotalHours, 23.9, 24);
        JsonElement both = (await App.PostAsync(path + "/test")).Json.Items("attempts")[0];
        Assert.Equal(2, both.Items("signedWith").Count);
        Assert.Equal(webhook.Text("secretFingerprint"), both.Items("signedWith")[1].GetString());
        Assert.Contains("v1,", both.Text("requestHeaders"), StringComparison.Ordinal);
        (await App.PostAsync(path + "/revoke-previous")).Expect(HttpStatusCode.NoContent);
        Assert.Single((await App.PostAsync(path + "/test")).Json.Items("attempts")[0].Items("signedWith"));
    }

    [Theory]
    [InlineData("""{"overlapHours":0}""")]
    [InlineData("""{"overlapHours":169}""")]
    [InlineData("""{"overlapHours":"day"}""")]
    [InlineData("""{"overlapHours":1.5}""")]
    public async Task Rotate_WrongOverlap_Is400(string body) =>
        (await App.PostAsync($"webhooks/{(await NewWebhookAsync()).Id()}/rotate", body)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task Rotate_OverlapInAFormatWithOneSignature_Is400() =>
        (
            await App.PostAsync(
                $"webhooks/{(await NewWebhookAsync(new { format = "body-hex", eventTypes = new[] { "never.posted" } })).Id()}/rotate",
                new { overlapHours = 1 }
            )
        ).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Fact]
    public async Task Secret_AfterCreation_IsInNoAnswer()
    {
        JsonElement webhook = await NewWebhookAsync();
        string secret = webhook.Text("secret")!;
        Guid id = webhook.Id();
        List<ApiAnswer> answers =
        [
            await App.GetAsync("webhooks"),
            await App.GetAsync($"webhooks/{id}"),
            await App.PatchAsync($"webhooks/{id}", new { description = "x" }),
            await App.PostAsync($"webhooks/{id}/test"),
            await App.PostAsync($"webhooks/{id}/verify"),
            await App.GetAsync($"deliveries?webhookId={id}"),
        ];
        answers.Add(await App.GetAsync($"deliveries/{answers[3].Json.Id()}"));
        foreach (ApiAnswer answer in answers)
        {
            answer.Expect(HttpStatusCode.OK);
            Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret["whsec_".Length..], answer.Text, StringComparison.Ordinal);
        }

        Assert.False(answers[1].Json.TryGetProperty("secret", out _));
        Assert.EndsWith(secret[^4..], answers[1].Json.Text("secretHint"), StringComparison.Ordinal);
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
    public async Task OpenApi_Document_ListsTheRoutes()
    {
        using HttpClient anybody = App.NewClient(null);
        JsonElement document = (await App.SendAsync(HttpMethod.Get, "/openapi/v1.json", client: anybody)).Expect(HttpStatusCode.OK).Json;
        Assert.StartsWith("3.1", document.Text("openapi"), StringComparison.Ordinal);
        string[] paths = [.. document.GetProperty("paths").EnumerateObject().Select(p => p.Name)];
        foreach (
            string path in new[]
            {
                "webhooks",
                "webhooks/{id}",
                "webhooks/{id}/rotate",
                "webhooks/{id}/revoke-previous",
                "webhooks/{id}/test",
                "events",
                "events/batch",
                "events/{id}",
                "deliveries",
                "deliveries/{id}",
                "deliveries/{id}/replay",
            }
        )
        {
            Assert.Contains(paths, p => p.TrimEnd('/') == "/api/v1/projects/{project}/" + path);
        }

        Assert.Contains("/webhooks/register", paths);
        Assert.Contains("/webhooks/test/project/{projectId}", paths);
    }
}
