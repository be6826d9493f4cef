using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>API calls that need an installation of their own: limits, settings, clocks, Novee's two calls.</summary>
public sealed class ApiInstallationTests
{
    [Fact]
    public async Task CreateWebhook_TwentyFirst_IsRefusedUntilOneIsDeleted()
    {
        await using TestApp app = await TestApp.StartAsync();
        Guid last = default;
        for (int i = 0; i < 20; i++)
        {
            last = (await app.CreateWebhookAsync("http://127.0.0.1:9/", name: $"hook {i}")).Id();
        }

        ApiAnswer answer = (await app.PostAsync("webhooks", new { name = "one more", url = "http://127.0.0.1:9/" })).ExpectProblem(
            HttpStatusCode.Conflict,
            "max_webhooks_reached"
        );
        Assert.Contains("Max webhooks reached", answer.Json.Text("detail"), StringComparison.Ordinal);
        await app.DeleteAsync($"webhooks/{last}");
        (await app.PostAsync("webhooks", new { name = "one more", url = "http://127.0.0.1:9/" })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task CreateWebhook_ManyAtOnce_NeverExceedTheLimit()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "3" } }
        );
        await AssertLimitHoldsAsync(app);
    }

    [PostgresFact]
    public async Task CreateWebhook_ManyAtOnceOnPostgres_NeverExceedTheLimit()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Database = database,
                Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "3" },
            }
        );
        await AssertLimitHoldsAsync(app);
    }

    private static async Task AssertLimitHoldsAsync(TestApp app)
    {
        ApiAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => app.PostAsync("webhooks", new { name = $"hook {i}", url = "http://127.0.0.1:9/" }))
        );
        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.ExpectProblem(HttpStatusCode.Conflict, "max_webhooks_reached"));
        Assert.Equal(3, (await app.GetAsync("webhooks")).Json.Items("items").Count);
    }

    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("https://localhost/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://user:pass@hooks.example.com/")]
    [InlineData("ftp://hooks.example.com/")]
    public async Task CreateWebhook_TargetNotAllowedInProduction_IsRefusedWithASentence(string url)
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { OpenForTests = false });
        ApiAnswer answer = (await app.PostAsync("webhooks", new { name = "inside", url })).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.EndsWith(".", answer.Json.GetProperty("errors").Items("url")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithAnExpiredToken_Is401()
    {
        FakeClock clock = new();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        IssuedToken issued = await app.Get<ApiTokenService>()
            .CreateAsync(Actor.System, await app.ProjectIdAsync(), "a day", TokenScopes.All, clock.GetUtcNow().AddDays(1));
        using HttpClient client = app.NewClient(issued.Text);
        (await app.SendAsync(HttpMethod.Get, "webhooks", client: client)).Expect(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromDays(1));
        (await app.SendAsync(HttpMethod.Get, "webhooks", client: client)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Rotate_OverlapThatEnds_SignsWithTheNewSecretOnly()
    {
        FakeClock clock = new();
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Clock = clock, Quartz = false });
        Guid id = (await app.CreateWebhookAsync(receiver.Url)).Id();
        await app.PostAsync($"webhooks/{id}/rotate", new { overlapHours = 1 });
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(2, (await app.PostAsync($"webhooks/{id}/test")).Json.Items("attempts")[0].Items("signedWith").Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single((await app.PostAsync($"webhooks/{id}/test")).Json.Items("attempts")[0].Items("signedWith"));
    }

    [Fact]
    public async Task PostEvent_StrictAndUnknownType_Is422AndPerItemInABatch()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Settings = new Dictionary<string, string?> { ["Events:Strict"] = "true" } });
        (await app.PostAsync("events", new { type = "never.declared", payload = 1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "unknown_event_type");
        JsonElement answer = (await app.PostAsync("events/batch", """[{"type":"never.declared","payload":1},{"type":"order.created","payload":1}]"""))
            .Expect(HttpStatusCode.Accepted)
            .Json;
        Assert.Equal("unknown_event_type", answer.Items("items")[0].GetProperty("error").Text("code"));
        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
    }

    [SqliteFact("the lock of its file")]
    public async Task PostEvent_DatabaseLocked_Is503ThenRecoversWithoutRestart()
    {
        await using TestApp app = await TestApp.StartAsync();
        (await app.PostAsync("events", new { type = "order.created", payload = 1 })).Expect(HttpStatusCode.Accepted);
        await using (SqliteConnection locker = new($"Data Source={app.Database.SqliteFile};Pooling=False"))
        {
            await locker.OpenAsync();
            await using SqliteCommand begin = locker.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();

            // The hot path and what people click meet the same lock and must say the same.
            ApiAnswer[] answers = await Task.WhenAll(
                app.PostAsync("events", new { type = "order.created", payload = 2 }),
                app.PostAsync("webhooks", new { name = "hook", url = "http://127.0.0.1:9/" })
            );
            foreach (ApiAnswer answer in answers)
            {
                answer.ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }

        (await app.PostAsync("events", new { type = "order.created", payload = 3 })).Expect(HttpStatusCode.Accepted);
        Assert.Equal(2, await app.QueryAsync(db => Task.FromResult(db.Events.Count())));
    }

    [Fact]
    public async Task Novee_TheTwoCallsOfItsDocument_WorkAsPrinted()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestApp app = await TestApp.StartAsync();

        // The document's body with our project and receiver.
        string body = "{\n\"projectId\": \"default\",\n\"url\": \"" + receiver.Url + "\",\n\"types\": [\"FALL_DETECTION\", \"VITAL_THRESHOLD\"]\n}";
        JsonElement registered = (await app.PostAsync("/webhooks/register", body)).Expect(HttpStatusCode.Created).Json;
        Assert.Equal(["_id", "projectId", "url", "types", "secret"], registered.EnumerateObject().Select(p => p.Name));
        Assert.Equal("default", registered.Text("projectId"));
        Assert.Equal(receiver.Url, registered.Text("url"));
        Assert.Equal("""["FALL_DETECTION","VITAL_THRESHOLD"]""", registered.GetProperty("types").GetRawText());
        string secret = registered.Text("secret")!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);

        (await app.SendAsync(HttpMethod.Post, "/webhooks/test/project/default")).Expect(HttpStatusCode.OK);
        ReceivedRequest test = Assert.Single(receiver.Requests);
        Assert.Equal("""{"test":"test"}""", test.Text);
        Assert.Equal("TEST", test.Header("X-Webhook-Event"));
        AssertSignedAsNoveeSays(test, secret);

        await app.PostEventAsync("FALL_DETECTION", new { room = 7 });
        await app.PostEventAsync("OTHER", new { room = 8 });
        IReadOnlyList<ReceivedRequest> requests = await receiver.ReceivedAsync(2);
        AssertSignedAsNoveeSays(requests[1], secret);
        Assert.Equal("""{"room":7}""", requests[1].Text);
    }

    private static void AssertSignedAsNoveeSays(ReceivedRequest request, string secret)
    {
        byte[] signed = System.Text.Encoding.UTF8.GetBytes(request.Header("X-Timestamp") + "." + request.Text);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret), signed)),
            request.Header("X-Signature")
        );
    }
}
