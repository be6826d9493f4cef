using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>The same call twice with one <c>Idempotency-Key</c> (specification §12).</summary>
public sealed class IdempotencyTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1:9/";

    private readonly FakeClock _clock = new();
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(new TestAppSetup { Clock = _clock, Quartz = false });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private Task<ApiAnswer> PostAsync(string path, object? body, string key, HttpClient? client = null) =>
        _app.SendAsync(HttpMethod.Post, path, body, client, request => request.Headers.TryAddWithoutValidation("Idempotency-Key", key));

    private Task<int> WebhooksAsync() => _app.QueryAsync(db => db.Webhooks.CountAsync());

    [Fact]
    public async Task Create_Again_IsAnsweredAsBeforeAndMadeOnce()
    {
        object body = new { name = "one", url = Url };
        ApiAnswer first = (await PostAsync("webhooks", body, "k-1")).Expect(HttpStatusCode.Created);
        ApiAnswer again = (await PostAsync("webhooks", body, "k-1")).Expect(HttpStatusCode.Created);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(["true"], again.Headers.GetValues("Idempotent-Replayed"));
        Assert.StartsWith("whsec_", again.Json.Text("secret"), StringComparison.Ordinal);
        Assert.Equal(1, await WebhooksAsync());
        Assert.Equal(1, await _app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == AuditActions.WebhookCreated)));
    }

    [Fact]
    public async Task Create_ManyAtOnce_IsMadeOnce()
    {
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync("webhooks", new { name = "one", url = Url }, "k-1")));
        Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.Created || a.Code == "idempotency_key_used", a.Text));
        Assert.Single(answers.Where(a => a.Status == HttpStatusCode.Created).Select(a => a.Text).Distinct());
        Assert.Equal(1, await WebhooksAsync());
    }

    [Theory]
    [InlineData("webhooks", """{"name":"two","url":"http://127.0.0.1:9/"}""")]
    [InlineData("event-types", """{"name":"one"}""")]
    public async Task Key_WithAnotherRequest_Is422(string path, string body)
    {
        (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Expect(HttpStatusCode.Created);
        (await PostAsync(path, body, "k-1")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_mismatch");
        Assert.Equal(1, await WebhooksAsync());
    }

    [Fact]
    public async Task Key_OfARefusedCall_IsFree()
    {
        (await PostAsync("webhooks", new { name = "one", url = "nonsense" }, "k-1")).Expect(HttpStatusCode.BadRequest);
        (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Key_AfterADay_IsForgotten()
    {
        (await PostAsync("event-types", new { name = "parcel.sent" }, "k-1")).Expect(HttpStatusCode.Created);
        _clock.Advance(IdempotentCall.Life - TimeSpan.FromSeconds(1));
        (await PostAsync("event-types", new { name = "parcel.sent" }, "k-1")).Expect(HttpStatusCode.Created);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await PostAsync("event-types", new { name = "parcel.sent" }, "k-1")).ExpectProblem(HttpStatusCode.Conflict, "event_type_exists");
        (await PostAsync("event-types", new { name = "parcel.lost" }, "k-1")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Key_OfAnotherToken_IsAnotherKey()
    {
        IssuedToken other = await _app.Get<ApiTokenService>().CreateAsync(Actor.System, await _app.ProjectIdAsync(), "other", TokenScopes.All, null);
        using HttpClient client = _app.NewClient(other.Text);
        (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Expect(HttpStatusCode.Created);
        (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1", client)).ExpectProblem(HttpStatusCode.Conflict, "name_taken");
    }

    [Fact]
    public async Task Rotate_Again_IsOneRotation()
    {
        Guid id = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Json.Id();
        string first = (await PostAsync($"webhooks/{id}/rotate", null, "k-2")).Expect(HttpStatusCode.OK).Text;
        Assert.Equal(first, (await PostAsync($"webhooks/{id}/rotate", null, "k-2")).Expect(HttpStatusCode.OK).Text);
        Assert.Equal(1, await _app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == AuditActions.SecretRotated)));
        Assert.NotEqual(first, (await PostAsync($"webhooks/{id}/rotate", null, "k-3")).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Register_Again_IsOneWebhook()
    {
        const string Body = """{"projectId":"default","url":"http://127.0.0.1:9/","types":["a"]}""";
        string first = (await PostAsync("/webhooks/register", Body, "k-1")).Expect(HttpStatusCode.Created).Text;
        Assert.Equal(first, (await PostAsync("/webhooks/register", Body, "k-1")).Expect(HttpStatusCode.Created).Text);
        Assert.Equal(1, await WebhooksAsync());
    }

    [Theory]
    [InlineData("test")]
    [InlineData("verify")]
    [InlineData("novee")]
    [InlineData("replay")]
    public async Task Send_AgainWhileTheFirstIsRunning_IsSentOnce(string call)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string path = await PathAsync(call, receiver);
        int before = receiver.Count;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Answer = _ => new Reply(200, After: release.Task);
        Task<ApiAnswer> first = PostAsync(path, null, "k-1");
        await receiver.ReceivedAsync(before + 1);
        (await PostAsync(path, null, "k-1")).ExpectProblem(HttpStatusCode.Conflict, "idempotency_key_used");
        release.SetResult();
        string text = (await first).Expect(HttpStatusCode.OK).Text;
        Assert.Equal(text, (await PostAsync(path, null, "k-1")).Expect(HttpStatusCode.OK).Text);
        Assert.Equal(before + 1, receiver.Count);
        (await PostAsync(path, null, "k-2")).Expect(HttpStatusCode.OK);
        Assert.Equal(before + 2, receiver.Count);
    }

    [Fact]
    public async Task Send_ThatARuleRefuses_LeavesTheKeyFree()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string path = await PathAsync("test", receiver);
        (await PostAsync(path, new { eventType = "a", source = "last" }, "k-9")).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await PostAsync(path, new { eventType = "a" }, "k-9")).Expect(HttpStatusCode.OK);
        (await PostAsync(path, new { eventType = "b" }, "k-9")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_mismatch");
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Send_WithoutTheScope_LeavesNoKey()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string path = await PathAsync("novee", receiver);
        int keys = await _app.QueryAsync(db => db.IdempotentCalls.CountAsync());
        IssuedToken reader = await _app.Get<ApiTokenService>().CreateAsync(Actor.System, await _app.ProjectIdAsync(), "reader", TokenScopes.WebhooksRead, null);
        using HttpClient client = _app.NewClient(reader.Text);
        (await PostAsync(path, null, "k-1", client)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(keys, await _app.QueryAsync(db => db.IdempotentCalls.CountAsync()));
    }

    [Fact]
    public async Task Held_Again_IsDecidedOnce()
    {
        Guid id = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Json.Id();
        (await _app.PatchAsync($"webhooks/{id}", new { enabled = false })).Expect(HttpStatusCode.OK);
        object discard = new { action = "discard" };

        // Nothing is held yet. What comes later belongs to another decision, and so to another key.
        Assert.Equal(0, await DiscardedAsync("k-2"));
        await _app.PostEventAsync();
        Assert.Equal(0, await DiscardedAsync("k-2"));
        Assert.Equal(1, await DiscardedAsync("k-3"));
        await _app.PostEventAsync();
        Assert.Equal(1, await DiscardedAsync("k-3"));
        Assert.Equal(1, await _app.QueryAsync(db => db.Deliveries.CountAsync(d => d.Status == DeliveryStatus.Held)));

        async Task<int> DiscardedAsync(string key) =>
            (await PostAsync($"webhooks/{id}/held", discard, key)).Expect(HttpStatusCode.Accepted).Json.GetProperty("count").GetInt32();
    }

    [Fact]
    public async Task Batch_WithAKey_IsToldToGiveIds()
    {
        ApiAnswer answer = await PostAsync("events/batch", """[{"type":"a","payload":1}]""", "k-1");
        answer.ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains("id", answer.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, await _app.QueryAsync(db => db.Events.CountAsync()));
    }

    // A webhook of its own, and a call that sends one request to it.
    private async Task<string> PathAsync(string call, Receiver receiver)
    {
        receiver.Answer = _ => 500;
        Guid id = (
            await PostAsync(
                "webhooks",
                new
                {
                    name = "one",
                    url = receiver.Url,
                    verify = call == "verify",
                },
                "k-0"
            )
        ).Expect(HttpStatusCode.Created).Json.Id();
        receiver.Answer = _ => 200;
        switch (call)
        {
            case "novee":
                return "/webhooks/test/project/default";
            case "replay":
                Guid delivery = (await _app.PostAsync($"webhooks/{id}/test")).Expect(HttpStatusCode.OK).Json.Id();
                return $"deliveries/{delivery}/replay";
            default:
                return $"webhooks/{id}/{call}";
        }
    }

    [Fact]
    public async Task Answer_InTheTable_IsEncryptedAndRenewedAndDestroyedWithItsWebhook()
    {
        JsonElement made = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Expect(HttpStatusCode.Created).Json;
        IdempotentCall row = await _app.QueryAsync(db => db.IdempotentCalls.AsNoTracking().SingleAsync());
        Assert.Equal((made.Id(), "webhook"), (row.TargetId!.Value, row.TargetKind!));
        Assert.DoesNotContain(made.Text("secret")!, JsonSerializer.Serialize(row), StringComparison.Ordinal);
        Assert.DoesNotContain("http:", row.ProtectedAnswer, StringComparison.Ordinal);

        (await _app.DeleteAsync($"webhooks/{made.Id()}")).Expect(HttpStatusCode.NoContent);
        ApiAnswer again = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).ExpectProblem(HttpStatusCode.Conflict, "idempotency_key_used");
        Assert.Contains(made.Id().ToString(), again.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Null((await _app.QueryAsync(db => db.IdempotentCalls.AsNoTracking().SingleAsync())).ProtectedAnswer);
    }

    [Fact]
    public async Task Key_WhoseAnswerWasLost_NamesWhatWasMade()
    {
        Guid id = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).Json.Id();

        // As after a kill between the commit and the answer.
        await _app.QueryAsync(db => db.IdempotentCalls.ExecuteUpdateAsync(s => s.SetProperty(c => c.ProtectedAnswer, (string?)null)));
        ApiAnswer again = (await PostAsync("webhooks", new { name = "one", url = Url }, "k-1")).ExpectProblem(HttpStatusCode.Conflict, "idempotency_key_used");
        Assert.Contains(id.ToString(), again.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(1, await WebhooksAsync());
    }

    [Fact]
    public async Task Key_SurvivesARestart()
    {
        await using TestDatabase database = TestDatabase.New();
        string first;
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database }))
        {
            first = (await SendAsync(app)).Expect(HttpStatusCode.Created).Text;
        }

        await using TestApp second = await TestApp.StartAsync(new TestAppSetup { Database = database });
        Assert.Equal(first, (await SendAsync(second)).Expect(HttpStatusCode.Created).Text);

        static Task<ApiAnswer> SendAsync(TestApp app) =>
            app.SendAsync(HttpMethod.Post, "webhooks", new { name = "one", url = Url }, change: r => r.Headers.Add("Idempotency-Key", "k-1"));
    }

    [PostgresFact]
    public async Task Create_ManyAtOnceOnPostgres_IsMadeOnce()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database, Quartz = false });
        ApiAnswer[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => app.SendAsync(HttpMethod.Post, "webhooks", new { name = "one", url = Url }, change: r => r.Headers.Add("Idempotency-Key", "k-1")))
        );
        Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.Created || a.Code == "idempotency_key_used", a.Text));
        Assert.Equal(1, await app.QueryAsync(db => db.Webhooks.CountAsync()));
    }

    [PostgresFact]
    public async Task Test_ManyAtOnceOnPostgres_IsSentOnce()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database, Quartz = false });
        Guid id = (await app.CreateWebhookAsync(receiver.Url)).Id();
        ApiAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => app.SendAsync(HttpMethod.Post, $"webhooks/{id}/test", change: r => r.Headers.Add("Idempotency-Key", "k-1")))
        );
        Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.OK || a.Code == "idempotency_key_used", a.Text));
        Assert.Equal(1, receiver.Count);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public async Task Key_ThatIsNone_Is400(string key) =>
        (await PostAsync("webhooks", new { name = "one", url = Url }, key)).ExpectProblem(HttpStatusCode.BadRequest, "validation_failed");
}
