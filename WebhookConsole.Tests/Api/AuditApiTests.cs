using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>The audit log over the API, the first use of a token in it, and what answers say about limits (specification §10, §12).</summary>
public sealed class AuditApiTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task List_InPages_IsTheWholeLogNewestFirst()
    {
        for (int i = 0; i < 7; i++)
        {
            (await _app.PostAsync("event-types", new { name = "t" + i })).Expect(HttpStatusCode.Created);
        }

        List<JsonElement> all = [];
        string? cursor = null;
        do
        {
            JsonElement page = (await _app.GetAsync("audit?limit=3" + (cursor is null ? "" : "&cursor=" + cursor))).Expect(HttpStatusCode.OK).Json;
            all.AddRange(page.Items("items"));
            cursor = page.Text("nextCursor");
        } while (cursor is not null);

        long[] sequences = [.. all.Select(e => e.GetProperty("sequence").GetInt64())];
        Assert.Equal(Enumerable.Range(1, sequences.Length).Reverse().Select(n => (long)n), sequences);
        JsonElement newest = all[0];
        Assert.Equal("event_type.saved", newest.Text("action"));
        Assert.Equal("token", newest.GetProperty("actor").Text("kind"));
        Assert.Equal(("event_type", "t6"), (newest.GetProperty("target").Text("kind"), newest.GetProperty("target").Text("name")));
        Assert.Equal("127.0.0.1", newest.Text("address"));
        Assert.Equal(JsonValueKind.Object, newest.GetProperty("details").ValueKind);
        Assert.Matches("^[0-9a-f]{64}$", newest.Text("hash"));
    }

    [Fact]
    public async Task List_Filtered_HasOnlyThat()
    {
        JsonElement webhook = await _app.CreateWebhookAsync("http://127.0.0.1:9/");
        await _app.PostAsync("event-types", new { name = "other" });
        string[] filters =
        [
            "action=webhook.created",
            "targetId=" + webhook.Id(),
            "actor=Set-up&action=webhook.created",
            "since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&action=webhook.created",
        ];
        foreach (string filter in filters)
        {
            List<JsonElement> items = (await _app.GetAsync("audit?" + filter)).Expect(HttpStatusCode.OK).Json.Items("items");
            Assert.Equal(webhook.Id(), Assert.Single(items).GetProperty("target").Id());
        }

        Assert.Empty((await _app.GetAsync("audit?until=2020-01-01T00:00:00Z")).Expect(HttpStatusCode.OK).Json.Items("items"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=1000000000", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("since=yesterday", "since")]
    [InlineData("targetId=7", "targetId")]
    [InlineData("action=%00", "filter")]
    [InlineData("since=2030-01-01T00:00:00Z&until=2029-01-01T00:00:00Z", "filter")]
    public async Task List_WrongFilter_IsNamed(string query, string field) =>
        Assert.True(
            (await _app.GetAsync("audit?" + query))
                .ExpectProblem(HttpStatusCode.BadRequest, "validation_failed")
                .Json.GetProperty("errors")
                .TryGetProperty(field, out _)
        );

    [Fact]
    public async Task Cursor_OfAnotherFilter_IsRefused()
    {
        await _app.PostAsync("event-types", new { name = "a" });
        string cursor = (await _app.GetAsync("audit?limit=1")).Expect(HttpStatusCode.OK).Json.Text("nextCursor")!;
        (await _app.GetAsync("audit?limit=1&action=token.created&cursor=" + cursor)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Token_UsedManyTimesAtOnce_HasOneFirstUse()
    {
        IssuedToken issued = await _app.Get<ApiTokenService>().CreateAsync(Actor.System, await _app.ProjectIdAsync(), "new", TokenScopes.WebhooksRead, null);
        using HttpClient client = _app.NewClient(issued.Text);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _app.SendAsync(HttpMethod.Get, "webhooks", client: client)));
        AuditEntry entry = await _app.QueryAsync(db =>
            db.AuditEntries.AsNoTracking().SingleAsync(e => e.TargetId == issued.Token.Id && e.Action == "token.used_first")
        );
        Assert.Equal(("token", issued.Token.Id, "127.0.0.1"), (entry.ActorKind, entry.ActorId!.Value, entry.RemoteAddress!));
    }

    [Fact]
    public async Task Token_UsedAfterARestart_IsNotNew()
    {
        await using TestDatabase database = TestDatabase.New();
        for (int i = 0; i < 2; i++)
        {
            await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
            (await app.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
            Assert.Equal(1, await app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == "token.used_first")));
        }
    }

    [Fact]
    public async Task Answers_ToAToken_SayWhatIsLeft()
    {
        foreach (string path in new[] { "webhooks", "webhooks/not-an-id", "deliveries?limit=0" })
        {
            ApiAnswer answer = await _app.GetAsync(path);
            Assert.Equal(["20000"], answer.Headers.GetValues("RateLimit-Limit"));
            Assert.Equal(["20000;w=1"], answer.Headers.GetValues("RateLimit-Policy"));
            Assert.InRange(int.Parse(Assert.Single(answer.Headers.GetValues("RateLimit-Remaining")), CultureInfo.InvariantCulture), 1, 20_000);
            Assert.Equal(["1"], answer.Headers.GetValues("RateLimit-Reset"));
        }

        using HttpClient nobody = _app.NewClient(null);
        Assert.False((await _app.SendAsync(HttpMethod.Get, "webhooks", client: nobody)).Headers.Contains("RateLimit-Limit"));
    }

    [Fact]
    public async Task Answers_BeyondTheLimit_SayWhenToComeBack()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:RequestsPerSecond"] = "3" } }
        );
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.GetAsync("webhooks")));
        ApiAnswer refused = answers.First(a => a.Status == HttpStatusCode.TooManyRequests).ExpectProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal(["0"], refused.Headers.GetValues("RateLimit-Remaining"));
        Assert.NotNull(refused.Headers.RetryAfter);
    }
}
